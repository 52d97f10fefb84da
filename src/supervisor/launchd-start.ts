import { access, chmod, constants, mkdir, rename, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AgentSpec } from '../team/agent-spec.ts';
import type { Clock } from './clock.ts';
import { readEnd } from './ends.ts';
import { type FoundAgent, findAgents, type Launchd } from './launchd-agents.ts';
import { launchctlCode } from './launchd-command.ts';
import { type Job, jobOf } from './launchd-job.ts';
import { keepLogSmall, readTail } from './launchd-log.ts';
import { jobPlist } from './launchd-plist.ts';
import { describeService } from './launchd-print.ts';
import { SupervisorError } from './supervisor.ts';

const launcherPath = fileURLToPath(new URL('./launcher.sh', import.meta.url));
const jobProgram = fileURLToPath(new URL('./launchd-job.sh', import.meta.url));

export interface Starting extends Launchd {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly budgetMs: number;
  /** How long an agent has to live before it counts as started. */
  readonly settleMs: number;
  readonly clock: Clock;
}

const pollMs = 100;
/** For launchd, launcher and wrapper to come to the point, on a busy host. */
const wrapperWithinMs = 2000;
/** launchd refuses a label for some seconds after the job of that label has gone. */
const bootstrapWithinMs = 10_000;

/** launchd takes a job whose directory or program is missing, and fails at every start of it. */
export async function checkSpec(agent: AgentSpec): Promise<void> {
  const cwd = await stat(agent.cwd).catch(missing(agent, 'its directory'));
  if (!cwd.isDirectory()) throw new SupervisorError(`cannot start ${agent.id}: ${agent.cwd} is no directory`);
  await access(agent.envFile, constants.R_OK).catch(missing(agent, 'its env file'));
  await access(agent.wrapper, constants.X_OK).catch(missing(agent, 'its wrapper'));
}

function missing(agent: AgentSpec, what: string): (cause: Error) => never {
  return (cause) => {
    throw new SupervisorError(`cannot start ${agent.id}: ${what}: ${cause.message}`, { cause });
  };
}

/** Gives the job to launchd, and sees the agent live. */
export async function start(agent: AgentSpec, starting: Starting): Promise<void> {
  const job = jobOf(starting.root, agent);
  await keepLogSmall(job.log);
  await writePlist(agent, job, starting);
  await bootstrap(agent, job, starting);
  const found = await settled(agent, starting);
  if (found.lead === undefined) throw await diedAtOnce(found, starting);
}

/** Only its owner may read it: the host's environment is in it. */
async function writePlist(agent: AgentSpec, job: Job, { env, budgetMs }: Starting): Promise<void> {
  const text = jobPlist({
    job,
    program: ['/bin/sh', jobProgram, agent.wrapper, launcherPath, agent.envFile, agent.id],
    cwd: agent.cwd,
    env,
    budgetMs,
  });
  await mkdir(dirname(job.plist), { recursive: true });
  await chmod(dirname(job.plist), 0o700);
  const temporary = `${job.plist}.${process.pid}.${performance.now()}`;
  await writeFile(temporary, text, { mode: 0o600, flush: true });
  await rename(temporary, job.plist);
}

/** Somebody else may have been quicker: then the label is taken, and whoever has it decides. */
async function bootstrap(agent: AgentSpec, job: Job, starting: Starting): Promise<void> {
  const { launchctl, domain, clock } = starting;
  const deadline = clock.now() + bootstrapWithinMs;
  while (true) {
    const answer = await launchctl(['bootstrap', domain, job.plist]);
    if (answer.kind === 'done') return;
    if (answer.kind === 'unknown') throw new SupervisorError(`cannot start ${agent.id}: ${answer.reason}`);
    if ((await mustFind(agent, starting)).listed) return;
    const isTaken = answer.code === launchctlCode.inputOutput || answer.code === launchctlCode.already;
    if (!isTaken || clock.now() >= deadline)
      throw new SupervisorError(`cannot start ${agent.id}: ${answer.reason}`);
    await clock.sleep(pollMs);
  }
}

/** Watches until the agent has lived for a while, or is dead. A wrapper that starts nothing it can be told from is taken for the agent. */
async function settled(agent: AgentSpec, starting: Starting): Promise<FoundAgent> {
  const { clock, settleMs } = starting;
  let until = clock.now() + settleMs + wrapperWithinMs;
  let hasBegun = false;
  while (true) {
    const found = await mustFind(agent, starting);
    const isToCome = found.listed?.lastStatus === '-' && found.root === undefined;
    if (found.lead === undefined && !isToCome) return found;
    // launchd sometimes leaves alone what it was given; one that has run and died would be run twice by this. What it answers is seen at the next look.
    if (isToCome && found.listed?.pid === undefined)
      await starting.launchctl(['kickstart', `${starting.domain}/${found.job.label}`]);
    if (!hasBegun && found.members.some(({ part }) => part === 'agent')) {
      hasBegun = true;
      until = clock.now() + settleMs;
    }
    if (clock.now() >= until) return found;
    await clock.sleep(pollMs);
  }
}

async function mustFind(agent: AgentSpec, starting: Starting): Promise<FoundAgent> {
  const whereabouts = await findAgents(starting, [agent]);
  const found = whereabouts.kind === 'known' ? whereabouts.agents[0] : undefined;
  if (found) return found;
  throw new SupervisorError(
    `cannot tell whether ${agent.id} has started: ${whereabouts.kind === 'unknown' ? whereabouts.reason : ''}`,
  );
}

async function diedAtOnce(found: FoundAgent, starting: Starting): Promise<SupervisorError> {
  const { spec, job } = found;
  const lastLines = await readTail(job.log, 15);
  const end = readEnd(starting.root, spec);
  const how = !end ? '' : end.kind === 'exited' ? ` (exit code ${end.code})` : ` (signal ${end.signal})`;
  const said = await starting.launchctl(['print', `${starting.domain}/${job.label}`]);
  const words = said.kind === 'done' ? `; launchd says: ${describeService(said.output)}` : '';
  const then = found.betweenLives || found.willRestart ? '; it will be tried again' : '';
  return new SupervisorError(`${spec.id} ended right after its start${how}${then}${words}`, { lastLines });
}
