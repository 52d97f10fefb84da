import { mkdir } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { runOperation } from '../operations/engine.ts';
import type { Host } from '../operations/host.ts';
import { planRequest } from '../operations/plan-request.ts';
import { agentEnvironment } from '../supervisor/agent-environment.ts';
import { backendNames } from '../supervisor/backends.ts';
import { TmuxSupervisor } from '../supervisor/tmux.ts';
import { startBot } from './bot-process.ts';
import { type CleanUp, startCleanUp } from './clean-up.ts';
import { type DemoTeam, writeDemoTeam } from './demo-team.ts';
import { cleanUpEarlierRuns } from './earlier-runs.ts';
import { type SlackStandIn, startSlackStandIn } from './slack-stand-in.ts';

/** A Slack of one's own, the real bot as a process, and a demo team that runs in a tmux server of its own. */
export interface Sandbox {
  readonly slack: SlackStandIn;
  readonly team: DemoTeam;
  readonly cleanUp: CleanUp;
  /** What the bot prints. */
  readonly logFile: string;
}

/** Everything it starts is in `cleanUp`, also if it fails midway: the caller runs that. */
export async function startSandbox(begun: (cleanUp: CleanUp) => void): Promise<Sandbox> {
  await cleanUpEarlierRuns();
  const cleanUp = await startCleanUp();
  begun(cleanUp);
  const { directory } = cleanUp;
  const tmuxTmpdir = join(directory, 'tmux');
  await mkdir(tmuxTmpdir);
  cleanUp.addTmuxServers(tmuxTmpdir);

  const team = await writeDemoTeam(directory);
  const { TMUX: _, TMUX_PANE: __, ...inherited } = process.env;
  const env = { ...inherited, TMUX_TMPDIR: tmuxTmpdir, PATH: `${team.bin}:${process.env.PATH}` };
  await startTeam(team.root, env);

  const slack = await startSlackStandIn();
  cleanUp.add('the Slack stand-in', () => slack.close());
  const logFile = join(directory, 'bot.log');
  await startBot({ slack, cleanUp, root: team.root, operators: ['ana'], env, directory, logFile });
  return { slack, team, cleanUp, logFile };
}

/** The demo begins with a team that runs. */
async function startTeam(root: string, env: NodeJS.ProcessEnv): Promise<void> {
  const host: Host = {
    root,
    name: hostname(),
    supervisor: new TmuxSupervisor({ root, env: agentEnvironment(env, []), configFile: '/dev/null' }),
    supervisorTypes: backendNames,
    teamMcp: 'team-mcp',
  };
  const { plan, situation } = await planRequest(host, {
    verb: 'reload',
    selection: { kind: 'team' },
    force: false,
    askedBy: 'sandbox',
    text: 'start',
  });
  const failures: string[] = [];
  await runOperation({ plan }, situation, (event) => {
    if (event.kind === 'failed') failures.push(`${event.id}: ${event.error.message}`);
  }).finished;
  if (failures.length > 0) throw new Error(`the demo team did not start: ${failures.join('; ')}`);
}
