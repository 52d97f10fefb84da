import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { webApi } from '@slack/bolt';
import { config } from 'dotenv';
import { type Journal, JournalError, missingJournal, openJournal } from './journal/journal.ts';
import { pruneDaily } from './journal/retention.ts';
import { createLog } from './log/log.ts';
import { createRedact } from './log/redact.ts';
import { describeSettingComplaint, readSettings, type Settings } from './settings.ts';
import { createLocalSite } from './site/local-site.ts';
import { openTeam } from './site/open-site.ts';
import { createBot } from './slack/bot.ts';
import type { Wait } from './slack/connection/back-off.ts';
import { createConnection } from './slack/connection/connection.ts';
import { gettingIn } from './slack/connection/sign-in.ts';
import { refusalSentences, SlackRefusedError } from './slack/connection/token-errors.ts';
import { BotClient, clientOptions, readWorkspace } from './slack/connection/web-client.ts';
import { messagesOf } from './slack/outbox/messages.ts';
import { createMessageWriter } from './slack/outbox/writer.ts';
import { createServiceManager } from './supervisor/programs/sd-notify.ts';
import { findTeamRoot, TeamNotFoundError } from './team/discover.ts';
import { createSecrets, secretsIn } from './team/secrets.ts';

/** How long work under way may take to end after a SIGTERM, in milliseconds. */
const graceMs = 8000;

/** Longer than it takes until Slack has not answered, in milliseconds. */
const slowestTryMs = 30_000;

/** The exit status (EX_CONFIG of sysexits.h) of an end that no restart would mend; the unit that setup writes knows it. */
const untilSettingsChange = 78;

/** How often the agents' env files are looked at for what must not be shown. */
const secretsEveryMs = 10_000;

config({ quiet: true });
const { settings, root } = readOrExit();
const { SLACK_BOT_TOKEN, SLACK_APP_TOKEN } = settings;

const secrets = createSecrets(root, [SLACK_BOT_TOKEN, SLACK_APP_TOKEN, ...secretsIn(process.env)], (error) =>
  log.warn('an env file is not read: what it calls secret may be shown', { error }),
);

const redact = createRedact(secrets.values);

const log = createLog({ level: settings.LOG_LEVEL, redact, write: (line) => process.stdout.write(line) });

for (const event of ['unhandledRejection', 'uncaughtException'] as const) {
  process.on(event, (reason: unknown) => {
    log.error('a bug ends Muster', {
      error: reason instanceof Error ? (reason.stack ?? reason.message) : String(reason),
    });
    process.exit(1);
  });
}

const service = createServiceManager(process.env, ({ message }) =>
  log.warn('systemd was not told', { error: message }),
);

let stopping = false;

/** Ends what is under way; until anything is, there is nothing to end. */
let settle = async () => {};

for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void stop(signal));
await start().catch((error: unknown) => {
  if (stopping) return;
  const words = error instanceof Error ? error.message : String(error);
  return giveUp([redact(words)], error instanceof SlackRefusedError ? untilSettingsChange : 1);
});

async function start(): Promise<void> {
  secrets.lookAgain();
  setInterval(() => secrets.lookAgain(), secretsEveryMs).unref();
  const options = clientOptions(settings.SLACK_API_URL, log);
  const workspace = gettingIn(() => readWorkspace(new webApi.WebClient(settings.SLACK_BOT_TOKEN, options)), {
    token: 'SLACK_BOT_TOKEN',
    onWait(wait) {
      log.warn('Slack does not say whose bot this is', { error: wait.error, nextTryInMs: wait.waitMs });
      sayThatWeWait(wait);
    },
  });
  // Whoever asks for it learns that; what is left of an earlier process does not have to wait for Slack.
  workspace.catch(() => undefined);
  const client = new BotClient(settings.SLACK_BOT_TOKEN, options, (reason) =>
    end(refusalSentences('SLACK_BOT_TOKEN', { error: reason }), untilSettingsChange),
  );
  const journal = openJournalOrSayWhy();
  const team = await openTeam({ root, env: process.env, settings, journal });
  const receiver = createConnection({
    appToken: settings.SLACK_APP_TOKEN,
    apiUrl: settings.SLACK_API_URL,
    log,
    onRefused: (reason) => end(refusalSentences('SLACK_APP_TOKEN', { error: reason }), untilSettingsChange),
    onWait: sayThatWeWait,
    onLost: (forMs) => end(`There has been no connection to Slack for ${Math.round(forMs / 1000)} s.`, 1),
  });
  const bot = createBot({
    ...team,
    site: createLocalSite(team),
    workspace,
    channels: settings.SLACK_CHANNELS,
    alertChannel: settings.SLACK_ALERT_CHANNEL,
    alertLines: settings.SLACK_ALERT_LINES,
    silenceAlert: settings.SLACK_SILENCE_ALERT === 'on',
    operators: settings.SLACK_OPERATORS,
    viewers: settings.SLACK_VIEWERS,
    confirm: settings.SLACK_CONFIRM,
    client,
    clientOptions: { ...options },
    botToken: settings.SLACK_BOT_TOKEN,
    receiver,
    writer: createMessageWriter({ messages: messagesOf(client, redact), log }),
    redact,
    log,
  });
  let settled: Promise<void> = Promise.resolve();
  settle = async () => {
    bot.pause();
    const ended = bot.end();
    await receiver.stop();
    await Promise.race([Promise.all([ended, settled.then(() => bot.idle())]), delay(graceMs)]);
  };
  ({ settled } = await bot.recover());
  const { teamName } = await workspace;
  await bot.app.start();
  bot.watch();
  pruneDaily({
    journal,
    keepDays: settings.MUSTER_KEEP_DAYS,
    onPruned: (operations) => log.info('the journal was pruned', { operations }),
    onFailed: (error) => log.warn('the journal could not be pruned', { error: error.message }),
  });
  if (settings.SLACK_OPERATORS.length === 0) log.warn('SLACK_OPERATORS is empty: nobody may change anything');
  log.info('Muster is up', { team: root, workspace: teamName, host: team.host.name });
  await service.ready();
  if (service.watchdogMs !== undefined) setInterval(() => void service.alive(), service.watchdogMs / 2);
}

async function stop(signal: string): Promise<void> {
  if (stopping) process.exit(1);
  stopping = true;
  log.info('stopping', { signal });
  void service.stopping();
  await settle();
  process.exit(0);
}

/** systemd would end a start that takes so long. */
function sayThatWeWait({ error, waitMs }: Wait): void {
  void service.waiting(`waiting for Slack: ${error}`, waitMs + slowestTryMs);
}

/** Without a journal people can look, and nothing is changed. */
function openJournalOrSayWhy(): Journal {
  try {
    return openJournal(settings.MUSTER_STATE_DIR ?? join(root, 'state/muster'));
  } catch (error) {
    if (!(error instanceof JournalError)) throw error;
    log.error('nothing can be changed without the journal', { error: error.message });
    return missingJournal(error);
  }
}

function readOrExit(): { settings: Settings; root: string } {
  const read = readSettings(process.env);
  const complaints = read.kind === 'refused' ? read.complaints.map(describeSettingComplaint) : [];
  let root = '';
  try {
    root = findTeamRoot({ root: process.env.TEAM_ROOT, env: process.env, cwd: process.cwd() });
  } catch (error) {
    if (!(error instanceof TeamNotFoundError)) throw error;
    complaints.push(error.message);
  }
  if (read.kind === 'refused' || complaints.length > 0) return giveUp(complaints, untilSettingsChange);
  return { settings: read.settings, root };
}

/** For whoever keeps Muster running, and starts it again. */
function end(reason: string, code: number): never {
  log.error('Muster ends', { reason });
  process.exit(code);
}

function giveUp(complaints: readonly string[], code: number): never {
  process.stderr.write(
    `Muster does not start:\n${complaints.map((complaint) => `- ${complaint}\n`).join('')}`,
  );
  process.exit(code);
}
