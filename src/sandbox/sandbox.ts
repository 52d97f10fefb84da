import { mkdir } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import {
  type SlackStandIn,
  type SlackStandInOptions,
  startSlackStandIn,
} from '../../packages/slack-stand-in/src/slack-stand-in.ts';
import { type Journal, openJournal } from '../journal/journal.ts';
import type { Host } from '../operations/host.ts';
import { planRequest } from '../operations/plan/make-plan.ts';
import { createWanted } from '../operations/records/desired-state.ts';
import { createDrainBudgets } from '../operations/records/drain-budgets.ts';
import { runOperation } from '../operations/run/run-plan.ts';
import { agentEnvironment } from '../supervisor/programs/environment.ts';
import { TmuxSupervisor } from '../supervisor/tmux/tmux-supervisor.ts';
import { startBot } from './bot-process.ts';
import { type CleanUp, startCleanUp } from './clean-up.ts';
import { type DemoTeam, writeDemoTeam } from './demo-team.ts';
import { cleanUpEarlierRuns } from './earlier-runs.ts';

/** A Slack of one's own, the real bot as a process, and a demo team that runs in a tmux server of its own. */
export interface Sandbox {
  readonly slack: SlackStandIn;
  readonly team: DemoTeam;
  readonly cleanUp: CleanUp;
  /** What the bot prints. */
  readonly logFile: string;
  /** The machine as Muster's own supervisor sees it. */
  readonly host: Host;
  /** Handles of people who may change things. */
  readonly operators: readonly string[];
}

export type SandboxOptions = Pick<SlackStandInOptions, 'port' | 'pages'>;

/** One of each kind: may look and change, may look, belongs elsewhere. */
const people = [
  { name: 'ana', displayName: 'Ana Operator' },
  { name: 'bo', displayName: 'Bo Viewer' },
  { name: 'eve', displayName: 'Eve Elsewhere', tz: 'Asia/Tokyo', kind: 'stranger' },
] as const;

const channels = [{ name: 'ops' }, { name: 'alerts' }];

const operators = ['ana'];

/** Everything it starts is in `cleanUp`, also if it fails midway: the caller runs that. */
export async function startSandbox(
  begun: (cleanUp: CleanUp) => void,
  options: SandboxOptions = {},
): Promise<Sandbox> {
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
  const slack = await startSlackStandIn({ people, channels, ...options });
  cleanUp.add('the Slack stand-in', () => slack.close());
  const journal = openJournal(join(team.root, 'state/muster'));
  cleanUp.add('the journal', () => journal.close());
  const host = hostOf(team.root, env, journal);
  await startTeam(host);

  const logFile = join(directory, 'bot.log');
  await startBot({ slack, cleanUp, root: team.root, operators, env, directory, logFile });
  return { slack, team, cleanUp, logFile, host, operators };
}

function hostOf(root: string, env: NodeJS.ProcessEnv, journal: Journal): Host {
  return {
    root,
    wanted: createWanted(journal),
    drainBudgets: createDrainBudgets(journal),
    name: hostname(),
    supervisor: new TmuxSupervisor({ root, env: agentEnvironment(env, []), configFile: '/dev/null' }),
    supervisorTypes: ['tmux'],
    teamMcp: 'team-mcp',
  };
}

/** The demo begins with a team that runs. */
async function startTeam(host: Host): Promise<void> {
  const { plan, situation } = await planRequest(host, {
    verb: 'reload',
    selection: { kind: 'team' },
    force: false,
    askedBy: 'sandbox',
    text: 'start',
  });
  const failures: string[] = [];
  await runOperation({ plan }, situation, {
    record: () => undefined,
    emit(event) {
      if (event.kind === 'failed') failures.push(`${event.id}: ${event.error}`);
    },
  }).finished;
  if (failures.length > 0) throw new Error(`the demo team did not start: ${failures.join('; ')}`);
}
