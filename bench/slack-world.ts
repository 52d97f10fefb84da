import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { type SlackStandIn, startSlackStandIn } from '../packages/slack-stand-in/src/slack-stand-in.ts';
import { startBot } from '../src/sandbox/bot-process.ts';
import { type CleanUp, startCleanUp } from '../src/sandbox/clean-up.ts';
import { projectFile, type TeamOnDisk, writeTeam } from '../test/fakes/bot/e2e-agents.ts';
import { createTmuxServer } from '../test/fakes/tmux/tmux-server.ts';

/** Muster with a hundred agents, and the least that a Bolt app can be, each with a Slack of its own. */
export interface SlackWorld {
  readonly muster: SlackStandIn;
  readonly bare: SlackStandIn;
  readonly bot: ChildProcess;
  readonly root: string;
  readonly edit: TeamOnDisk['edit'];
}

const projects = ['alpha', 'bravo', 'charlie', 'delta', 'echo'];
const agentsEach = 20;
export const agentCount = projects.length * agentsEach;

/** In turns, so that nobody is too fast for the bot, and no channel for Slack. */
export const typists = Array.from({ length: 20 }, (_, index) => `p${index}`);
export const channels = Array.from({ length: 10 }, (_, index) => `c${index}`);

const workspace = {
  people: typists.map((name) => ({ name })),
  channels: [...channels, 'alerts', 'ops'].map((name) => ({ name })),
};

export async function inSlackWorld<T>(work: (world: SlackWorld) => Promise<T>): Promise<T> {
  const cleanUp = await startCleanUp();
  try {
    const [muster, bare] = await Promise.all([standIn(cleanUp), standIn(cleanUp)]);
    const { bot, root, edit } = await startMuster(muster, cleanUp);
    await startBare(bare, cleanUp);
    return await work({ muster, bare, bot, root, edit });
  } finally {
    await cleanUp.run();
  }
}

async function standIn(cleanUp: CleanUp): Promise<SlackStandIn> {
  const slack = await startSlackStandIn(workspace);
  cleanUp.add('a Slack stand-in', () => slack.close());
  return slack;
}

async function startMuster(
  slack: SlackStandIn,
  cleanUp: CleanUp,
): Promise<Pick<SlackWorld, 'bot' | 'root' | 'edit'>> {
  const { directory } = cleanUp;
  const server = createTmuxServer();
  cleanUp.add('tmux', () => server.stop());
  const names = Array.from({ length: agentsEach }, (_, index) => `w${index}`);
  const { root, edit } = writeTeam(directory, {
    projects: Object.fromEntries(
      projects.map((id) => [
        id,
        projectFile(id, { workers: Object.fromEntries(names.map((name) => [name, 'polite'])) }),
      ]),
    ),
  });
  // Sessions as agents have them, without the launch that is not measured here.
  const sessions = projects.flatMap((id) => names.flatMap((name) => session(root, id, name)));
  await server.tmux(...sessions.slice(0, -1));
  const bot = await startBot({
    ...{
      slack,
      cleanUp,
      root,
      operators: typists,
      env: server.env,
      directory,
      logFile: join(directory, 'bot.log'),
    },
    settings: { SLACK_CHANNELS: channels.map((name) => slack.workspace.channel(name).id).join(',') },
  });
  return { bot, root, edit };
}

function session(root: string, project: string, name: string): readonly string[] {
  const command = ['sh', '-c', 'exec sleep 100000', `${root}/bin/agent-wrapper.sh`, `${project}:${name}`];
  return ['new-session', '-d', '-s', `e2e-${project}-${name}`, '--', ...command, ';'];
}

async function startBare(slack: SlackStandIn, cleanUp: CleanUp): Promise<void> {
  const program = fileURLToPath(new URL('./slack-bare-app.ts', import.meta.url));
  const app = spawn(process.execPath, [program, slack.apiUrl, slack.botToken, slack.appToken], {
    env: {},
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (app.pid !== undefined) await cleanUp.addProcess('the bare app', app.pid);
  await slack.waitForSockets((open) => open > 0, { timeoutMs: 15_000 });
}
