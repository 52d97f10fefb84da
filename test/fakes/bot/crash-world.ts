import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buttonsOf } from '../../../packages/slack-stand-in/src/render/buttons.ts';
import type { Message } from '../../../packages/slack-stand-in/src/server/message-store.ts';
import { type JournalOnDisk, journalOnDisk } from '../team/journal-on-disk.ts';
import { until } from '../until.ts';
import { type Behaviour, otherModel, projectFile, writeTeam } from './e2e-agents.ts';
import { type E2eBot, startE2eBot } from './e2e-bot.ts';
import { isKilledAt, type PointOrder, watchedFrom } from './killed-there.ts';

/** Of project `shop`; `other:calm` is nobody's business. */
const workers: Record<string, Behaviour> = {
  polite: 'polite',
  mule: 'loud',
  dead: 'polite',
  same: 'polite',
};
/** What `shop:mule` prints before it is asked to stop. */
export const lastWords = 'counting invoices';
export const agents = ['shop:lead', ...Object.keys(workers).map((name) => `shop:${name}`), 'other:calm'];

/** Most of the time in which a bot starts is compiling otherwise. */
const compileCache = join(import.meta.dirname, '../../node_modules/.cache/muster-tests');

/** On a host that has other work to do. */
const patienceMs = 120_000;

/** A command of ana's, up to its last click. */
export interface Scenario {
  readonly name: string;
  readonly command: string;
  /** Pressed on the question, if the command asks one. */
  readonly button?: string;
}

/** All there is to see at one moment. */
export interface Look {
  readonly pids: ReadonlyMap<string, number | undefined>;
  readonly lives: ReadonlyMap<string, readonly number[]>;
  readonly living: ReadonlyMap<string, readonly number[]>;
  readonly wanted: ReadonlyMap<string, string>;
  readonly operations: readonly string[];
  readonly deliveries: readonly string[];
  readonly messages: readonly Message[];
}

/** The points of one bot after the other; each but the last was killed at its last. */
export type Reached = readonly (readonly string[])[];
export type KillAt = (reached: Reached) => readonly string[];

/** A bot as a process that can be killed at any of its points, with agents of every kind. */
export interface CrashWorld {
  readonly bot: E2eBot;
  readonly journal: JournalOnDisk['rows'];
  look(): Look;
  /** Brings the world to where a scenario begins. */
  prepare(): Promise<void>;
  /**
   * Runs the scenario to its end. Each bot, the first and those that are started after it, is killed at the first point that
   * `killAt` names, given the points that those before it have reached; resolves with the points of them all.
   */
  run(scenario: Scenario, killAt?: KillAt): Promise<Reached>;
  stop(): Promise<void>;
}

export async function startCrashWorld(): Promise<CrashWorld> {
  let directory = '';
  const settings: NodeJS.ProcessEnv = { NODE_COMPILE_CACHE: compileCache };
  const bot = await startE2eBot({
    team(made) {
      directory = made;
      const team = writeTeam(made, {
        projects: {
          shop: projectFile('shop', { managers: { lead: 'polite' }, workers }),
          other: projectFile('other', { workers: { calm: 'polite' } }),
        },
      });
      writeFileSync(join(team.root, 'words'), `${lastWords}\n`);
      settings.NODE_OPTIONS = watchedFrom(team.root, join(made, 'order.json'));
      return team;
    },
    settings,
    slack: { ackTimeoutMs: 3000 },
  });
  const { slack, team } = bot;
  const { rows: journal, isQuiet } = journalOnDisk(team.root);
  const orderFile = join(directory, 'order.json');
  const reachedFile = join(directory, 'reached');
  let orders = 0;
  let model = 1;

  function order(killAt: readonly string[] = []): void {
    writeFileSync(reachedFile, '');
    orders += 1;
    const order: PointOrder = {
      number: orders,
      reached: reachedFile,
      killAt,
    };
    // It is read at any moment.
    writeFileSync(`${orderFile}.new`, JSON.stringify(order));
    renameSync(`${orderFile}.new`, orderFile);
  }

  const isDead = () => bot.process.exitCode !== null || bot.process.signalCode !== null;
  const pointsReached = () => readFileSync(reachedFile, 'utf8').split('\n').filter(Boolean);

  /** Resolves when it has gone on with what the one before it left, or is killed at the point. */
  async function startAgain(killAt: readonly string[]): Promise<void> {
    await bot.end('SIGKILL');
    order(killAt);
    await bot.startAgain().catch((error: unknown) => {
      if (!isKilledAt({ killAt }, pointsReached().at(-1) ?? '')) throw error;
    });
    await until('all is over and told, or the bot is dead', () => isDead() || isQuiet(), patienceMs);
  }

  /** From now on: when nothing is under way any more, down to the last line in the journal. */
  function newDeeds(): { readonly areOver: () => boolean } {
    const unsettled = () =>
      journal<{ delivery: string }>('select delivery from deliveries where settled_at is null');
    const before = new Set(unsettled().map(({ delivery }) => delivery));
    return { areOver: () => isQuiet() && unsettled().every(({ delivery }) => before.has(delivery)) };
  }

  /** What dee does is no part of a scenario. */
  async function dee(command: string): Promise<void> {
    for (let tries = 1; ; tries += 1) {
      // It may have come to a point of the scenario before by itself when that was over.
      if (isDead()) await startAgain([]);
      const deeds = newDeeds();
      const { kind } = await slack.slash('dee', 'ops', command);
      await until(`${command} is over`, deeds.areOver, patienceMs);
      // On a busy host Slack may have waited for more than its three seconds.
      if (kind === 'acked' || tries === 3) return;
    }
  }

  /** Resolves when it is over, or the bot is. */
  async function act({ command, button }: Scenario): Promise<void> {
    const before = new Set(slack.messages('ops').map(({ ts }) => ts));
    const deeds = newDeeds();
    const sent = slack.slash('ana', 'ops', command);
    const isAnswered = () =>
      slack.messages('ops').find(({ ts, blocks }) => !before.has(ts) && blocks.length > 0);
    await Promise.race([sent, until('the bot is dead', isDead, patienceMs).catch(() => undefined)]);
    if (button !== undefined) {
      await until(
        'the question is asked, or the bot is dead',
        () => isDead() || (isAnswered() && deeds.areOver()),
        patienceMs,
      );
      const question = isAnswered();
      if (isDead() || question === undefined) return;
      const wanted = buttonsOf(question).find(({ label }) => label.startsWith(button));
      if (wanted === undefined) throw new Error(`no button ${button}: ${slack.read(question)}`);
      const pressed = slack.press('ana', question, wanted);
      await Promise.race([pressed, until('the bot is dead', isDead, patienceMs).catch(() => undefined)]);
    }
    await until('all is over, or the bot is dead', () => isDead() || deeds.areOver(), patienceMs);
  }

  return {
    bot,
    journal,
    look: () => ({
      pids: new Map(agents.map((id) => [id, team.pid(id)])),
      lives: new Map(agents.map((id) => [id, team.lives(id)])),
      living: new Map(agents.map((id) => [id, team.living(id)])),
      wanted: new Map(
        journal<{ agent: string; state: string }>('select agent, state from wanted').map(
          ({ agent, state }) => [agent, state],
        ),
      ),
      operations: journal<{ id: string }>('select id from operations').map(({ id }) => id),
      deliveries: journal<{ delivery: string }>('select delivery from deliveries').map(
        ({ delivery }) => delivery,
      ),
      messages: slack.workspace.channels.flatMap(({ id }) =>
        slack.messages(id).flatMap((message) => [message, ...slack.thread(message.ts).slice(1)]),
      ),
    }),
    async prepare() {
      await dee('/team up shop');
      model += 1;
      for (const agent of ['polite', 'mule', 'lead']) team.edit('shop', otherModel(agent, `m${model}`));
      const missing = agents.filter((id) => team.pid(id) === undefined);
      if (missing.length > 0) {
        const said = slack.messages('ops').map(slack.read).at(-1);
        throw new Error(`the world cannot be prepared: ${missing.join(', ')} do not run\n${said}`);
      }
      await bot.killOnHost('shop:dead');
    },
    async run(scenario, killAt = () => []) {
      order(killAt([]));
      await act(scenario);
      const reached = [pointsReached()];
      while (isDead()) {
        await startAgain(killAt(reached));
        reached.push(pointsReached());
      }
      order();
      await until('nothing is under way and all is told', isQuiet, patienceMs);
      return reached;
    },
    stop: () => bot.stop(),
  };
}
