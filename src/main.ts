import { hostname } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { webApi } from '@slack/bolt';
import { config } from 'dotenv';
import { createLastStops } from './operations/last-stops.ts';
import { createProjectLocks } from './operations/project-locks.ts';
import { createQuestions } from './operations/question.ts';
import { createTeamLock } from './operations/team-lock.ts';
import { describeSettingComplaint, readSettings, type Settings, settingNames } from './settings.ts';
import { createAccess } from './slack/access.ts';
import { createAlerts } from './slack/alerts.ts';
import { createSlackApp } from './slack/app.ts';
import { createConductor } from './slack/conductor.ts';
import { createConnection } from './slack/connection.ts';
import { createGuard } from './slack/guard.ts';
import { createLog } from './slack/log.ts';
import { messagesOf } from './slack/messages.ts';
import { createPace } from './slack/pace.ts';
import { createPeople } from './slack/people.ts';
import { createRedact } from './slack/redact.ts';
import { createSeen } from './slack/seen.ts';
import { BotClient, clientOptions, readWorkspace } from './slack/workspace.ts';
import { createMessageWriter } from './slack/writer.ts';
import { agentEnvironment } from './supervisor/agent-environment.ts';
import { ownIncarnation } from './supervisor/process-life.ts';
import { openTeamBackend } from './supervisor/team-backend.ts';
import { atSocket } from './supervisor/tmux-command.ts';
import { findTeamRoot, TeamNotFoundError } from './team/discover.ts';
import { resolveTeamMcp } from './team/team-mcp.ts';

/** How long work under way may take to end after a SIGTERM, in milliseconds. */
const graceMs = 8000;

config({ quiet: true });
const { settings, root } = readOrExit();
const redact = createRedact([settings.SLACK_BOT_TOKEN, settings.SLACK_APP_TOKEN]);
const log = createLog({ level: settings.LOG_LEVEL, redact, write: (line) => process.stdout.write(line) });
process.on('unhandledRejection', (reason) => {
  log.error('unhandled rejection', {
    error: reason instanceof Error ? (reason.stack ?? reason.message) : String(reason),
  });
  process.exit(1);
});
await start().catch((error: unknown) => giveUp([error instanceof Error ? error.message : String(error)]));

async function start(): Promise<void> {
  const options = clientOptions(settings.SLACK_API_URL, log);
  const { teamId, teamName } = await readWorkspace(new webApi.WebClient(settings.SLACK_BOT_TOKEN, options));
  const client = new BotClient(settings.SLACK_BOT_TOKEN, options, (reason) =>
    end(
      `Slack takes SLACK_BOT_TOKEN no more (${reason}). Copy it again from OAuth & Permissions of your app.`,
    ),
  );
  const env = atSocket(agentEnvironment(process.env, settingNames), settings.TMUX_SOCKET);
  const { type, supervisor } = await openTeamBackend(root, env);
  const host = {
    root,
    name: hostname(),
    supervisor,
    supervisorTypes: [type],
    path: env.PATH,
    teamMcp: await resolveTeamMcp({ env: process.env, root }),
  };
  const writer = createMessageWriter({ messages: messagesOf(client, redact), log });
  const lastStops = createLastStops();
  const access = createAccess({
    teamId,
    channels: settings.SLACK_CHANNELS,
    operators: settings.SLACK_OPERATORS,
    viewers: settings.SLACK_VIEWERS,
    people: createPeople({ client, teamId, log }),
  });
  const guard = createGuard({ access, pace: createPace(), seen: createSeen(), log });
  const alerts = createAlerts({ writer, channel: settings.SLACK_ALERT_CHANNEL, hostName: host.name, log });
  const conductor = createConductor({
    host,
    writer,
    alerts,
    locks: createTeamLock({ root, here: createProjectLocks(), self: await ownIncarnation() }),
    questions: createQuestions(),
    lastStops,
    log,
  });
  const receiver = createConnection({
    appToken: settings.SLACK_APP_TOKEN,
    apiUrl: settings.SLACK_API_URL,
    log,
    onRefused: (reason) => end(`Slack ended the connection for good (${reason}). Check SLACK_APP_TOKEN.`),
    onLost: (forMs) => end(`There has been no connection to Slack for ${Math.round(forMs / 1000)} s.`),
  });
  const app = createSlackApp({
    receiver,
    botToken: settings.SLACK_BOT_TOKEN,
    clientOptions: { ...options },
    guard,
    desk: { host, writer, conductor, lastStops, access },
    redact,
    log,
  });
  await app.init();
  await app.start();
  if (settings.SLACK_OPERATORS.length === 0) log.warn('SLACK_OPERATORS is empty: nobody may change anything');
  log.info('Muster is up', { team: root, workspace: teamName, host: host.name });

  let stopping = false;
  const stop = async (signal: string) => {
    if (stopping) process.exit(1);
    stopping = true;
    log.info('stopping', { signal });
    await receiver.stop();
    await Promise.race([guard.idle().then(() => writer.flush()), delay(graceMs)]);
    process.exit(0);
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void stop(signal));
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
  if (read.kind === 'refused' || complaints.length > 0) return giveUp(complaints);
  return { settings: read.settings, root };
}

/** For whoever keeps Muster running, and starts it again. */
function end(reason: string): never {
  log.error('Muster ends', { reason });
  process.exit(1);
}

function giveUp(complaints: readonly string[]): never {
  process.stderr.write(
    `Muster does not start:\n${complaints.map((complaint) => `- ${complaint}\n`).join('')}`,
  );
  process.exit(1);
}
