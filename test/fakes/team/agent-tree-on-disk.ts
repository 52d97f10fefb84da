import { chmodSync, copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import type { AgentSpec } from '../../../src/domain/agent.ts';

export const stubAgent = fileURLToPath(new URL('../../../src/sandbox/stub-agent.js', import.meta.url));
const ourWrapper = fileURLToPath(new URL('../../../src/team/agent-wrapper.sh', import.meta.url));

/** Programs that agents of a test run, in sh so that twenty of them cost nothing. `$0.pid` gets their pid once they are ready. */
export const programs = {
  polite: "trap 'kill $!; echo bye; exit 0' INT; sleep 100000 & echo $$ >$0.pid; echo ready; wait",
  slow: "trap 'echo flushing; sleep 0.3; kill $!; echo bye; exit 0' INT; sleep 100000 & echo $$ >$0.pid; echo ready; wait",
  stubborn: "trap '' INT TERM HUP; echo $$ >$0.pid; echo ready; exec sleep 100000",
  'two-asks':
    'trap \'n=1$n; echo again, please\' INT; sleep 100000 & echo $$ >$0.pid; echo ready; until [ "$n" = 11 ]; do wait $!; done; kill $!; exit 0',
  'dies-at-once': 'echo cannot find my key; exit 7',
} as const;
export type Behaviour = keyof typeof programs;

export interface AgentTreeOnDisk {
  readonly root: string;
  /** Writes all that an agent needs to run; `program` is the text of a sh script, or a behaviour. */
  agent(name: string, program: string, more?: AgentOnDisk): AgentSpec;
  /** The pid the agent's program told when it was ready. */
  pidOf(agent: AgentSpec): number | undefined;
}

export interface AgentOnDisk {
  readonly project?: string;
  readonly prefix?: string;
  /** More lines of the env file. */
  readonly env?: Record<string, string>;
  /** Text of another wrapper than ours. */
  readonly wrapper?: string;
  /** Decides the second ask; not what is run. */
  readonly runtime?: string;
}

/** A team's root with agents that run real programs under our real wrapper. */
export function createAgentTree(root: string, backend = 'tmux'): AgentTreeOnDisk {
  for (const folder of ['bin', 'state/envs', 'runtimes', 'programs']) {
    mkdirSync(join(root, folder), { recursive: true });
  }
  const wrapper = join(root, 'bin', 'agent-wrapper.sh');
  copyFileSync(ourWrapper, wrapper);
  chmodSync(wrapper, 0o755);

  return {
    root,
    agent(name, program, { project = 'shop', prefix = 't-', env = {}, runtime, ...more } = {}) {
      const key = `${project}-${name}`;
      const script = join(root, 'programs', key);
      const text = program in programs ? programs[program as Behaviour] : program;
      executable(script, text.startsWith('#!') ? text : `#!/bin/sh\n${text}\n`);
      writeFileSync(join(root, 'runtimes', `${key}.yaml`), `binary: "${script}"\n`);
      const ownWrapper = join(root, 'bin', `${key}.sh`);
      if (more.wrapper !== undefined) {
        executable(ownWrapper, more.wrapper.replaceAll('PROGRAM', `'${script}'`));
      }
      const envFile = join(root, 'state', 'envs', `${key}.env`);
      const values = {
        AGENT_ID: `${project}:${name}`,
        RUNTIME: key,
        CLAUDE_PROJECT_DIR: root,
        TEAMCTL_ROOT: root,
        ...env,
      };
      writeFileSync(
        envFile,
        Object.entries(values)
          .map(([key, value]) => `${key}=${value}\n`)
          .join(''),
      );
      return {
        id: `${project}:${name}`,
        project,
        agent: name,
        backend,
        session: `${prefix}${project}-${name}`,
        wrapper: more.wrapper === undefined ? wrapper : ownWrapper,
        cwd: root,
        envFile,
        ...(runtime === undefined ? {} : { runtime }),
      };
    },
    pidOf({ project, agent }) {
      const file = join(root, 'programs', `${project}-${agent}.pid`);
      return existsSync(file) ? Number(readFileSync(file, 'utf8')) || undefined : undefined;
    },
  };
}

function executable(path: string, text: string): void {
  writeFileSync(path, text);
  chmodSync(path, 0o755);
}

/** No pid at all is nobody: to the kernel 0 and below are whole groups of processes. */
export function isRunning(pid: number | undefined): boolean {
  if (pid === undefined || pid <= 0) return false;
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  return (
    !existsSync(`/proc/${pid}/stat`) || !/^\d+ \(.*\) Z/s.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  );
}

export function argvOf(pid: number): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  } catch {
    return [];
  }
}
