import process from 'node:process';
import { webApi } from '@slack/bolt';
import { config } from 'dotenv';
import type { Words } from '../../language/read-words.ts';
import { NotReadyError, UsageError } from '../../language/refusals.ts';
import { createLog } from '../../log/log.ts';
import { createRedact } from '../../log/redact.ts';
import { describeSettingComplaint, readSettings } from '../../settings.ts';
import { everyCard } from '../../slack/cards/samples/every-card.ts';
import type { SampleCards } from '../../slack/cards/samples/sample-card.ts';
import { SlackRefusedError } from '../../slack/connection/token-errors.ts';
import { clientOptions, readWorkspace } from '../../slack/connection/web-client.ts';
import { messagesOf } from '../../slack/outbox/messages.ts';
import { prompt } from '../terminal/prompt.ts';
import { checkLive, isRefused, removePosted, type Trial, trialLines } from './check.ts';
import { type Order, readOrder } from './options.ts';
import { describePlace, NoPlaceError } from './place.ts';

/** Slack lets a channel have about one message a second, and a message fifty edits a minute. */
const spacingMs = 1200;

const say = (line: string) => void process.stdout.write(`${line}\n`);

/** Posts, edits and looks up; resolves with 1 if Slack refused anything. Throws UsageError. */
export async function run(words: Words, { env }: NodeJS.Process): Promise<number> {
  config({ quiet: true });
  try {
    return await carryOut(readOrder(words), env);
  } catch (error) {
    const isExpected =
      error instanceof NoPlaceError || error instanceof SlackRefusedError || error instanceof NotReadyError;
    if (!isExpected && !(error instanceof webApi.WebAPIRequestError)) throw error;
    process.stderr.write(`${error.message}\nNothing was posted.\n`);
    return 1;
  }
}

async function carryOut(asked: Order, env: NodeJS.ProcessEnv): Promise<number> {
  const cards = chosen(asked.only);
  const names = Object.keys(cards);
  if (names.length === 0) {
    throw new UsageError(`No card is called ${asked.only.join(' or ')}. --list prints their names.`);
  }
  if (asked.kind === 'list') {
    for (const [name, { text }] of Object.entries(cards)) say(`${name}: ${text}`);
    return 0;
  }
  return check(asked, cards, env);
}

async function check(
  { channel, removes, asks }: Extract<Order, { kind: 'check' }>,
  cards: SampleCards,
  env: NodeJS.ProcessEnv,
): Promise<number> {
  const { token, apiUrl } = ownSettings(env);
  const log = createLog({ level: 'error', redact: (text) => text, write: () => undefined });
  const client = new webApi.WebClient(token, clientOptions(apiUrl, log));
  const workspace = await readWorkspace(client);
  const place = await describePlace(client, channel, workspace);
  const names = Object.keys(cards);
  const seconds = Math.ceil((names.length * spacingMs) / 1000);
  say(
    `Posts ${names.length} cards to ${place}, edits each, schedules a message and takes it back: about ${seconds} s.`,
  );
  if (asks && !(await agrees('Go on? [y/N] '))) {
    say('Nothing was posted.');
    return 1;
  }

  const nameWidth = Math.max(...names.map(({ length }) => length), 'clean-up'.length);
  const tell = (trial: Trial) => trialLines(trial, nameWidth).forEach(say);
  const redact = createRedact([token]);
  const stopping = new AbortController();
  process.once('SIGINT', () => stopping.abort());
  const how = { client, channel, spacingMs, tell, cards, signal: stopping.signal };
  const { trials, posted } = await checkLive({
    ...how,
    messages: messagesOf(client, redact),
    botUser: workspace.botUser,
    run: String(Date.now()),
  });
  if (removes && asks && !stopping.signal.aborted) {
    await prompt(process.stdin, process.stdout, 'Look at them in Slack; Enter removes them. ');
  }
  const removed = removes ? [await removePosted(how, posted)] : [];
  return sum([...trials, ...removed], stopping.signal.aborted);
}

function sum(trials: readonly Trial[], isCutShort: boolean): number {
  const refused = trials.filter(isRefused);
  if (refused.length > 0) say(`Slack refused: ${refused.map(({ name }) => name).join(', ')}.`);
  if (isCutShort) say('It was cut short: the rest was not tried.');
  if (refused.length > 0 || isCutShort) return 1;
  say('Slack took all of it. What only a person can prove: type /team status, and press Refresh below it.');
  return 0;
}

function chosen(only: readonly string[]): SampleCards {
  const isChosen = (name: string) => only.length === 0 || only.some((begin) => name.startsWith(begin));
  return Object.fromEntries(Object.entries(everyCard()).filter(([name]) => isChosen(name)));
}

async function agrees(question: string): Promise<boolean> {
  return /^y(es)?$/i.test((await prompt(process.stdin, process.stdout, question)).trim());
}

/** Throws NotReadyError. */
function ownSettings(env: NodeJS.ProcessEnv): { readonly token: string; readonly apiUrl: string } {
  const read = readSettings(env);
  const { SLACK_BOT_TOKEN: token, SLACK_API_URL: apiUrl } = read.settings;
  if (token !== undefined && apiUrl !== undefined) return { token, apiUrl };
  const complaints = read.kind === 'refused' ? read.complaints : [];
  const own = complaints.filter(({ name }) => name === 'SLACK_BOT_TOKEN' || name === 'SLACK_API_URL');
  throw new NotReadyError(own.map(describeSettingComplaint).join('\n'));
}
