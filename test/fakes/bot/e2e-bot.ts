import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { execa } from 'execa';
import { inject, onTestFinished } from 'vitest';
import { buttonsOf } from '../../../packages/slack-stand-in/src/render/buttons.ts';
import type { Message } from '../../../packages/slack-stand-in/src/server/message-store.ts';
import {
  type SlackStandIn,
  type SlackStandInOptions,
  startSlackStandIn,
} from '../../../packages/slack-stand-in/src/slack-stand-in.ts';
import { startBot } from '../../../src/sandbox/bot-process.ts';
import { startCleanUp } from '../../../src/sandbox/clean-up.ts';
import { until } from '../until.ts';
import { type E2eTeam, type TeamOnDisk, writeTeam } from './e2e-agents.ts';

export interface E2eBotOptions {
  /** A team that is written for the test; or a root that is there already. */
  readonly team: E2eTeam | ((directory: string) => TeamOnDisk);
  /** Handles of people; ana unless told. Wherever there is one, dee is another. */
  readonly operators?: readonly string[];
  /** In place of the settings that follow from the rest. */
  readonly settings?: NodeJS.ProcessEnv;
  /** More of what the bot inherits. */
  readonly env?: NodeJS.ProcessEnv;
  readonly slack?: SlackStandInOptions;
  /** Projects that dee starts before the test begins; all of them unless told. */
  readonly up?: readonly string[];
}

/** The bot as a process, a Slack of its own, a team on disk and a tmux server that nobody else uses. */
export interface E2eBot {
  readonly slack: SlackStandIn;
  readonly team: TeamOnDisk;
  /** What the bot inherits besides its settings. */
  readonly env: NodeJS.ProcessEnv;
  readonly process: ChildProcess;
  /** Everything the bot has printed. */
  log(): string;
  /** Types a command; resolves with the first message that this person sees of the answer. */
  say(person: string, text: string, channel?: string): Promise<Message>;
  /** Types a command and waits until all that it begins is over; resolves with the answer as it stands then. */
  sayAndWait(person: string, text: string, channel?: string): Promise<Message>;
  /** Presses a button; resolves with what only this person sees, or the message as it stands, when all is over. */
  press(person: string, message: Pick<Message, 'ts'>, button: string): Promise<Message>;
  /** Presses a button of which the answer comes elsewhere; resolves when all is over. */
  click(person: string, message: Pick<Message, 'ts'>, button: string): Promise<void>;
  /** Resolves when the bot has nothing left to do for anybody. */
  idle(): Promise<void>;
  /** The message as it stands, as a person reads it. */
  text(message: Pick<Message, 'ts'>): string;
  now(message: Pick<Message, 'ts'>): Message;
  /** The message once it fits, edits included. */
  edited(message: Pick<Message, 'ts'>, fits: (text: string) => boolean): Promise<Message>;
  tmux(...args: string[]): Promise<string>;
  /** Ends an agent as somebody on the host would, without Muster. */
  killOnHost(id: string): Promise<void>;
  /** Sends the bot a signal and waits for its end; resolves with its exit code or the signal that ended it. */
  end(signal: NodeJS.Signals): Promise<number | NodeJS.Signals | null>;
  /** Starts the bot once more, after `end`; with other settings, if so told. */
  startAgain(settings?: NodeJS.ProcessEnv): Promise<void>;
  /** Ends everything that was started. */
  stop(): Promise<void>;
}

/** What nothing of the developer's own leaks into: no TMUX, no `.env`, no tmux configuration, no tokens. */
export function cleanEnvironment(directory: string): NodeJS.ProcessEnv {
  const suite = inject('e2eDirectory');
  return {
    PATH: (process.env.PATH ?? '')
      .split(':')
      .filter((entry) => !entry.includes('node_modules'))
      .join(':'),
    HOME: join(suite, 'home'),
    SHELL: '/bin/sh',
    LANG: 'C.UTF-8',
    TERM: 'xterm-256color',
    TMPDIR: directory,
    TMUX_TMPDIR: directory,
  };
}

/** Every verb of `/team` that was typed in this file. */
export const typed = new Set<string>();

/** How a deed ends in the bot's log. */
const ended = /^\S+ (?:INFO|WARN|ERROR) (?:done|not done|refused|too many commands)\b/gm;

export async function startE2eBot(options: E2eBotOptions): Promise<E2eBot> {
  const cleanUp = await startCleanUp(inject('e2eDirectory'));
  try {
    return await startIn(cleanUp, options);
  } catch (error) {
    await cleanUp.run();
    throw error;
  }
}

/** A bot for one test alone. */
export async function startE2eBotForTest(options: E2eBotOptions): Promise<E2eBot> {
  const bot = await startE2eBot(options);
  onTestFinished(() => bot.stop());
  return bot;
}

async function startIn(
  cleanUp: Awaited<ReturnType<typeof startCleanUp>>,
  { team: wanted, operators = ['ana'], settings = {}, ...options }: E2eBotOptions,
): Promise<E2eBot> {
  const { directory } = cleanUp;
  const tmuxTmpdir = join(directory, 'tmux');
  mkdirSync(tmuxTmpdir);
  cleanUp.addTmuxServers(tmuxTmpdir);
  const env = { ...cleanEnvironment(directory), TMUX_TMPDIR: tmuxTmpdir, ...options.env };
  const team = typeof wanted === 'function' ? wanted(directory) : writeTeam(directory, wanted);
  const slack = await startSlackStandIn({ people, ...options.slack });
  cleanUp.add('the Slack stand-in', () => slack.close());
  const logFile = join(directory, 'bot.log');
  const everyOperator = operators.length === 0 ? [] : [...operators, 'dee'];
  const start = (more: NodeJS.ProcessEnv = {}) =>
    startBot({
      ...{ slack, cleanUp, root: team.root, operators: everyOperator, env, directory, logFile },
      settings: { ...settings, ...more },
    });
  let child = await start();
  let deeds = 0;

  const log = () => (existsSync(logFile) ? readFileSync(logFile, 'utf8') : '');
  const all = () => slack.workspace.channels.flatMap(({ id }) => [...everything(slack, id)]);
  const find = ({ ts }: Pick<Message, 'ts'>): Message => {
    const message = all().find((each) => each.ts === ts);
    if (message === undefined) throw new Error(`message ${ts} has gone`);
    return message;
  };
  /** The log lags behind the process that writes it: what it ends with was done, what it lacks may be done too. */
  const idle = async () => {
    await until(`${deeds} deeds are over`, () => (log().match(ended)?.length ?? 0) >= deeds, 120_000);
  };

  /** What this person sees of what the bot says next, in the channel itself. */
  function answerTo(person: string, channel: string): { readonly first: Promise<Message> } {
    const { id } = slack.workspace.person(person);
    const before = new Set(slack.messages(channel).map(({ ts }) => ts));
    const first = () =>
      slack.waitForMessage(
        (message) =>
          message.channel === slack.workspace.channel(channel).id &&
          message.threadTs === undefined &&
          !before.has(message.ts) &&
          (message.onlyVisibleTo ?? id) === id &&
          message.author === slack.workspace.bot.id,
        { timeoutMs: 20_000 },
      );
    return {
      get first() {
        return first();
      },
    };
  }

  async function say(person: string, text: string, channel = 'ops'): Promise<Message> {
    const answer = answerTo(person, channel);
    typed.add(/^\/team\s+(\S+)/.exec(text)?.[1] ?? 'help');
    deeds += 1;
    const outcome = await slack.slash(person, channel, text);
    if (outcome.kind === 'failed') throw new Error(`${text}: Slack says ${outcome.error}`);
    return await answer.first;
  }

  const bot: E2eBot = {
    slack,
    team,
    env,
    get process() {
      return child;
    },
    log,
    say,
    async sayAndWait(person, text, channel) {
      const answer = await say(person, text, channel);
      await idle();
      return find(answer);
    },
    async press(person, message, button) {
      const channel = find(message).channel;
      const { id } = slack.workspace.person(person);
      const { edits } = find(message);
      const before = new Set(slack.messages(channel).map(({ ts }) => ts));
      deeds += 1;
      const outcome = await slack.press(person, message, button);
      if (outcome.kind !== 'acked') throw new Error(`pressing ${button}: ${JSON.stringify(outcome)}`);
      const answer = await slack.waitForMessage(
        ({ ts, onlyVisibleTo, edits: now }) =>
          ts === message.ts ? now > edits : onlyVisibleTo === id && !before.has(ts),
        { timeoutMs: 20_000 },
      );
      await idle();
      return find(answer);
    },
    async click(person, message, button) {
      deeds += 1;
      const outcome = await slack.press(person, message, button);
      if (outcome.kind !== 'acked') throw new Error(`clicking ${button}: ${JSON.stringify(outcome)}`);
      await idle();
    },
    idle,
    text: (message) => slack.read(find(message)),
    now: find,
    edited: ({ ts }, fits) =>
      slack.waitForMessage((message) => message.ts === ts && fits(slack.read(message)), {
        timeoutMs: 30_000,
      }),
    async tmux(...args) {
      const { stdout } = await execa('tmux', ['-u', ...args], { env, extendEnv: false, timeout: 10_000 });
      return stdout;
    },
    async killOnHost(id) {
      const session = `e2e-${id.replace(':', '-')}`;
      await bot.tmux('kill-session', '-t', `=${session}`);
      await until(`${id} is dead`, () => team.pid(id) === undefined);
    },
    async end(signal) {
      const exit = once(child, 'exit');
      if (child.exitCode === null && child.signalCode === null) {
        process.kill(child.pid ?? 0, signal);
        await exit;
      }
      await slack.waitForSockets((open) => open === 0);
      return child.exitCode ?? child.signalCode;
    },
    async startAgain(more) {
      child = await start(more);
    },
    stop: () => cleanUp.run(),
  };

  for (const project of options.up ?? []) await bot.sayAndWait('dee', `/team up ${project}`);
  if (options.up === undefined) {
    const answer = await bot.sayAndWait('dee', '/team reload');
    const [accept] = buttonsOf(answer);
    if (accept !== undefined) await bot.press('dee', answer, accept.actionId);
  }
  typed.clear();
  return bot;
}

const people: NonNullable<SlackStandInOptions['people']> = [
  { name: 'ana', displayName: 'Ana Operator' },
  { name: 'cy', displayName: 'Cy Operator' },
  { name: 'dee', displayName: 'Dee Operator' },
  { name: 'bo', displayName: 'Bo Viewer' },
  { name: 'eve', displayName: 'Eve Elsewhere', kind: 'stranger' },
  { name: 'gus', displayName: 'Gus Guest', kind: 'guest' },
];

/** A channel with the replies in it and what only one person sees. */
function everything(slack: SlackStandIn, channel: string): readonly Message[] {
  return slack.messages(channel).flatMap((message) => [message, ...slack.thread(message.ts).slice(1)]);
}
