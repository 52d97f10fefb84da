import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { SlackStandIn } from '../../packages/slack-stand-in/src/slack-stand-in.ts';
import type { CleanUp } from './clean-up.ts';

export interface BotOptions {
  readonly slack: SlackStandIn;
  readonly cleanUp: CleanUp;
  readonly root: string;
  /** Handles of people who may change things. */
  readonly operators: readonly string[];
  /** What the bot inherits besides its settings. */
  readonly env: NodeJS.ProcessEnv;
  /** In place of, or besides, the settings that follow from the rest. */
  readonly settings?: NodeJS.ProcessEnv;
  /** Where the bot works, out of reach of anybody's own `.env`. */
  readonly directory: string;
  /** What the bot prints goes here. */
  readonly logFile: string;
}

const main = fileURLToPath(new URL('../main.ts', import.meta.url));

const preload = new URL('../require-node.js', import.meta.url).href;

/** Starts the bot as an operator would, pointed at the stand-in; resolves when it is connected. */
export async function startBot(options: BotOptions): Promise<ChildProcess> {
  const { slack, cleanUp, env, settings, directory, logFile } = options;
  const bot = spawn(process.execPath, ['--max-semi-space-size=2', '--import', preload, main], {
    cwd: directory,
    env: { ...env, ...settingsFor(options), ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const log = createWriteStream(logFile, { flags: 'a' });
  const complaints: string[] = [];
  bot.stdout.pipe(log, { end: false });
  bot.stderr.on('data', (chunk: Buffer) => {
    complaints.push(chunk.toString());
    log.write(chunk);
  });
  if (bot.pid !== undefined) await cleanUp.addProcess('the bot', bot.pid);
  const connected = slack.waitForSockets((open) => open > 0, { timeoutMs: 60_000 });
  const ended = once(bot, 'exit').then(([code]) => {
    throw new Error(`the bot ended with code ${code} before it was connected: ${complaints.join('')}`);
  });
  ended.catch(() => undefined);
  await Promise.race([connected, ended]);
  return bot;
}

function settingsFor({ slack, root, operators }: BotOptions): NodeJS.ProcessEnv {
  const { workspace } = slack;
  return {
    SLACK_BOT_TOKEN: slack.botToken,
    SLACK_APP_TOKEN: slack.appToken,
    SLACK_API_URL: slack.apiUrl,
    SLACK_OPERATORS: operators.map((name) => workspace.person(name).id).join(','),
    SLACK_CHANNELS: ['ops', 'alerts'].map((name) => workspace.channel(name).id).join(','),
    SLACK_ALERT_CHANNEL: workspace.channel('alerts').id,
    TEAM_ROOT: root,
  };
}
