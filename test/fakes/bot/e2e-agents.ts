import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseStat, readOf } from '../../../src/supervisor/process/process-table.ts';
import { isRunning } from '../team/agent-tree-on-disk.ts';
import { writeTeamTree } from '../team/team-tree.ts';

/** What agents of the end-to-end tests run, by the name of their runtime: real programs, in sh so that many of them cost little. */
const programs = {
  polite: `trap 'kill $!; exit 0' INT; sleep 100000 & begin; wait`,
  stubborn: `trap '' INT TERM HUP; begin; exec sleep 100000`,
  /** Says things that nobody may be pinged by, or read; then behaves like `stubborn`. */
  loud: `trap '' INT TERM HUP; cat "$TEAMCTL_ROOT/words"; begin; exec sleep 100000`,
  crashing: `begin; exit 3`,
} as const;

/** A function that writes down this life: pids are used again, in a long run also those of agents, and so the start time is its own. */
const begin = (pids: string) =>
  `begin() { read -r stat </proc/$$/stat; set -- \${stat##*) }; echo "$$ \${20}" >>"${pids}/$AGENT_ID"; }`;

export type Behaviour = keyof typeof programs;

export interface E2eTeam {
  /** The projects' files by name; see `projectFile`. */
  readonly projects: Readonly<Record<string, string>>;
  /** More lines of `team-compose.yaml`. */
  readonly compose?: string;
  readonly drainSeconds?: number;
  /** `tmux` unless told. */
  readonly backend?: 'tmux' | 'systemd';
  /** Another wrapper than Muster's own. */
  readonly wrapper?: string;
}

/** A team on disk whose agents write down their pids. */
export interface TeamOnDisk {
  readonly root: string;
  /** Every life of the agent, oldest first. */
  lives(id: string): readonly number[];
  /** Those of them that go on; more than one is one too many. */
  living(id: string): readonly number[];
  /** The agent's pid if it is alive. */
  pid(id: string): number | undefined;
  /** Changes a project's file, as a person with an editor would. Throws if that changes nothing. */
  edit(project: string, change: (yaml: string) => string): void;
  read(path: string): string;
}

/** `workers` and `managers`: behaviours by the agents' names. */
export function projectFile(
  id: string,
  { managers = {}, workers = {} }: { readonly [Role in 'managers' | 'workers']?: Record<string, Behaviour> },
): string {
  const section = (role: string, agents: Record<string, Behaviour>) =>
    [
      `${role}:`,
      ...Object.entries(agents).map(([name, runtime]) => `  ${name}: { runtime: ${runtime}, model: m1 }`),
    ].join('\n');
  return `version: 2
project: { id: ${id}, name: ${id}, cwd: .. }
${section('managers', managers)}
${section('workers', workers)}
`;
}

export function writeTeam(
  directory: string,
  { projects, compose = '', drainSeconds = 1, backend = 'tmux', wrapper }: E2eTeam,
): TeamOnDisk {
  const files = Object.keys(projects).map((name) => `  - file: projects/${name}.yaml\n`);
  const bin = join(directory, 'programs');
  const pids = join(directory, 'pids');
  for (const folder of [bin, pids]) mkdirSync(folder);
  const runtimes = Object.entries(programs).map(([name, program]) => {
    const path = join(bin, name);
    executable(path, `#!/bin/sh\n${begin(pids)}\n${program}\n`);
    return [name, `binary: "${path}"\n`] as const;
  });
  const root = writeTeamTree(directory, {
    compose: `version: 2
supervisor: { type: ${backend}, tmux_prefix: e2e-, drain_timeout_secs: ${drainSeconds} }
projects:
${files.join('')}${compose}`,
    projects,
    runtimes: Object.fromEntries(runtimes),
  });
  if (wrapper !== undefined) {
    mkdirSync(join(root, 'bin'));
    executable(join(root, 'bin/agent-wrapper.sh'), wrapper);
  }
  const livesOf = (id: string) => {
    const path = join(pids, id);
    const lines = existsSync(path) ? readFileSync(path, 'utf8').split('\n').filter(Boolean) : [];
    return lines.map((line) => {
      const [pid, startTime] = line.split(' ');
      return { pid: Number(pid), startTime };
    });
  };
  const lives = (id: string) => livesOf(id).map(({ pid }) => pid);
  const living = (id: string) =>
    livesOf(id)
      .filter(
        ({ pid, startTime }) =>
          isRunning(pid) && parseStat(readOf(pid, 'stat') ?? '').startTime === startTime,
      )
      .map(({ pid }) => pid);

  return {
    root,
    lives,
    living,
    pid: (id) => living(id).at(-1),
    edit(project, change) {
      const path = join(root, `projects/${project}.yaml`);
      const before = readFileSync(path, 'utf8');
      const after = change(before);
      if (after === before) throw new Error(`nothing to change in ${path}`);
      writeFileSync(path, after);
    },
    read: (path) => readFileSync(join(root, path), 'utf8'),
  };
}

/** For `edit`: another model, which is another environment. */
export function otherModel(agent: string, model = 'm2'): (yaml: string) => string {
  return (yaml) => yaml.replace(new RegExp(`(\\b${agent}: \\{[^}]*model: )\\w+`), `$1${model}`);
}

export function executable(path: string, text: string): void {
  writeFileSync(path, text);
  chmodSync(path, 0o755);
}
