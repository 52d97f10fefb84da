import { type ChildProcess, execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { type SlackStandIn, startSlackStandIn } from '../../packages/slack-stand-in/src/slack-stand-in.ts';
import { startBot } from '../../src/sandbox/bot-process.ts';
import { type CleanUp, startCleanUp } from '../../src/sandbox/clean-up.ts';
import { busyProject } from '../fakes/bot/busy-people.ts';
import { projectFile, type TeamOnDisk, writeTeam } from '../fakes/bot/e2e-agents.ts';
import { type Inside, insideOf } from '../fakes/bot/inside-the-bot.ts';
import { type PostedIds, postedIds } from '../fakes/bot/posted-ids.ts';
import { createTmuxServer, type TmuxServer } from '../fakes/tmux/tmux-server.ts';
import { until } from '../fakes/until.ts';

/** Each has people of its own who work on it. */
export const busyProjects = ['alpha', 'bravo', 'charlie', 'delta'];
/** Holds one agent that has to be killed, always. */
export const mule = 'mule:a';
const typistsEach = 8;

export function typist(project: string, turn: number): string {
  return `${project}${turn % typistsEach}`;
}

/** The bot as a process, a Slack, a team and a tmux server, all of which may be harmed. */
export interface SoakWorld {
  readonly directory: string;
  readonly slack: SlackStandIn;
  readonly team: TeamOnDisk;
  readonly server: TmuxServer;
  readonly inside: Inside;
  readonly posted: PostedIds;
  readonly journalFile: string;
  /** Of its own, small and full at will; undefined where nobody may mount one. */
  readonly smallDisk: string | undefined;
  /** Nobody asks for anything about them. */
  readonly kept: readonly string[];
  readonly everyAgent: readonly string[];
  readonly projects: readonly string[];
  pid(): number;
  log(): string;
  /** The bot ended without having been told to. */
  hasDied(): boolean;
  kill(): Promise<void>;
  start(): Promise<void>;
  stop(): Promise<void>;
}

export async function startSoakWorld(agents: number): Promise<SoakWorld> {
  const cleanUp = await startCleanUp();
  try {
    return await startIn(cleanUp, agents);
  } catch (error) {
    await cleanUp.run();
    throw error;
  }
}

async function startIn(cleanUp: CleanUp, agents: number): Promise<SoakWorld> {
  const { directory } = cleanUp;
  const projects = [...busyProjects, 'mule', 'kept'];
  const names = Array.from(
    { length: Math.max(2, agents - busyProjects.length * 2 - 1) },
    (_, index) => `k${index}`,
  );
  const typists = ['alpha', 'bravo', 'charlie', 'delta', 'mule', 'kept'].flatMap((project) =>
    Array.from({ length: typistsEach }, (_, turn) => typist(project, turn)),
  );
  const server = createTmuxServer();
  cleanUp.add('tmux', () => server.stop());
  const slack = await startSlackStandIn({ people: typists.map((name) => ({ name })) });
  cleanUp.add('the Slack stand-in', () => slack.close());
  const smallDisk = mountSmallDisk(directory, cleanUp);
  const team = writeTeam(directory, {
    projects: {
      ...Object.fromEntries(busyProjects.map((id) => [id, busyProject(id)])),
      mule: projectFile('mule', { workers: { a: 'stubborn' } }),
      kept: projectFile('kept', { workers: Object.fromEntries(names.map((name) => [name, 'polite'])) }),
    },
    drainSeconds: 30,
  });
  const stateDirectory = smallDisk ?? join(team.root, 'state/muster');
  const inside = insideOf(directory);
  const logFile = join(directory, 'bot.log');
  let dying = false;
  let died = false;
  const begin = async () => {
    const child = await startBot({
      ...{ slack, cleanUp, root: team.root, operators: typists, env: server.env, directory, logFile },
      settings: { NODE_OPTIONS: inside.option, MUSTER_STATE_DIR: stateDirectory },
    });
    dying = false;
    child.on('exit', () => {
      if (!dying) died = true;
    });
    return child;
  };
  cleanUp.add('the watch for deaths', () => {
    dying = true;
  });
  let child: ChildProcess = await begin();

  const everyAgent = [
    ...busyProjects.flatMap((project) => [`${project}:a`, `${project}:b`]),
    mule,
    ...names.map((name) => `kept:${name}`),
  ];
  return {
    ...{ directory, slack, team, server, inside, smallDisk, everyAgent, projects },
    posted: postedIds(slack),
    journalFile: join(stateDirectory, 'journal.db'),
    kept: everyAgent.filter((id) => /^kept:|:b$/.test(id)),
    pid: () => child.pid ?? 0,
    log: () => (existsSync(logFile) ? readFileSync(logFile, 'utf8') : ''),
    hasDied: () => died,
    async kill() {
      dying = true;
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exit = once(child, 'exit');
      child.kill('SIGKILL');
      await exit;
      await slack.waitForSockets((open) => open === 0);
    },
    async start() {
      child = await begin();
      died = false;
    },
    async stop() {
      dying = true;
      await cleanUp.run();
    },
  };
}

/** Only root may mount. */
function mountSmallDisk(directory: string, cleanUp: CleanUp): string | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const path = join(directory, 'small-disk');
  mkdirSync(path);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64m,mode=700', 'tmpfs', path], { stdio: 'pipe' });
  } catch {
    return undefined;
  }
  cleanUp.add('the small disk', () =>
    until('the small disk is free', () => {
      execFileSync('umount', [path], { stdio: 'pipe' });
      return true;
    }),
  );
  return path;
}
