import { chmod, mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AgentSpec } from '../../domain/agent.ts';
import { launcherPath } from '../lifecycle/launcher.ts';
import { settled } from '../lifecycle/start-settled.ts';
import type { Clock } from '../process/clock.ts';
import { howItEnded } from '../process/exit-records.ts';
import type { Find } from '../process/found-agent.ts';
import { SupervisorError } from '../supervisor.ts';
import type { FoundInLaunchd, Launchd } from './find.ts';
import { type Job, jobPlist } from './job.ts';
import { describeService, launchctlCode } from './launchctl.ts';
import { keepLogSmall, readTail } from './log-file.ts';

const jobProgram = fileURLToPath(new URL('./launchd-job.sh', import.meta.url));

export interface Starting extends Launchd {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly budgetMs: number;
  /** How long an agent has to live before it counts as started. */
  readonly settleMs: number;
  readonly clock: Clock;
}

const pollMs = 100;

/** launchd refuses a label for some seconds after the job of that label has gone. */
const bootstrapWithinMs = 10_000;

/** Gives the job to launchd, and sees the agent live. */
export async function start(
  { spec: agent, job }: FoundInLaunchd,
  find: Find<FoundInLaunchd>,
  starting: Starting,
): Promise<void> {
  const look = () => find(agent, `cannot tell whether ${agent.id} has started`);
  await keepLogSmall(job.log);
  await writePlist(agent, job, starting);
  await bootstrap(agent, job, look, starting);
  const found = await settled(look, { ...starting, pollMs }, (then) => isToCome(then, starting));
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
async function bootstrap(
  agent: AgentSpec,
  job: Job,
  look: () => Promise<FoundInLaunchd>,
  starting: Starting,
): Promise<void> {
  const { launchctl, domain, clock } = starting;
  const deadline = clock.now() + bootstrapWithinMs;
  while (true) {
    const answer = await launchctl(['bootstrap', domain, job.plist]);
    if (answer.kind === 'done') return;
    if (answer.kind === 'unknown') throw new SupervisorError(`cannot start ${agent.id}: ${answer.reason}`);
    if ((await look()).listed) return;
    const isTaken = answer.code === launchctlCode.inputOutput || answer.code === launchctlCode.already;
    if (!isTaken || clock.now() >= deadline)
      throw new SupervisorError(`cannot start ${agent.id}: ${answer.reason}`);
    await clock.sleep(pollMs);
  }
}

/** launchd sometimes leaves alone what it was given; one that has run and died would be run twice by this. What it answers is seen at the next look. */
async function isToCome({ listed, root, job }: FoundInLaunchd, starting: Starting): Promise<boolean> {
  if (listed?.lastStatus !== '-' || root !== undefined) return false;
  if (listed.pid === undefined) await starting.launchctl(['kickstart', `${starting.domain}/${job.label}`]);
  return true;
}

async function diedAtOnce(found: FoundInLaunchd, starting: Starting): Promise<SupervisorError> {
  const { spec, job } = found;
  const lastLines = await readTail(job.log, 15);
  const how = await howItEnded(starting.root, spec, starting.clock);
  const said = await starting.launchctl(['print', `${starting.domain}/${job.label}`]);
  const words = said.kind === 'done' ? `; launchd says: ${describeService(said.output)}` : '';
  const then = found.betweenLives || found.willRestart ? '; it will be tried again' : '';
  return new SupervisorError(`${spec.id} ended right after its start${how}${then}${words}`, { lastLines });
}
