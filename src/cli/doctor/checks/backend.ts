import process from 'node:process';
import { execa } from 'execa';
import { backendsOfThisHost } from '../../../supervisor/backends.ts';
import { socketPath } from '../../../supervisor/tmux/socket.ts';
import { type Examined, observeAgents } from '../facts.ts';
import { broken, brokenAsSaid, type Check, type Finding, ok, skipped } from '../finding.ts';

const versionOf: Readonly<Record<string, readonly [string, ...string[]]>> = {
  tmux: ['tmux', '-V'],
  systemd: ['systemctl', '--version'],
  launchd: ['launchctl', 'version'],
};

const install: Readonly<Record<string, string>> = {
  tmux: 'Install it: apt-get install tmux, dnf install tmux, or brew install tmux.',
  systemd: 'This host has no systemd; set supervisor.type to tmux in team-compose.yaml.',
  launchd: 'Only macOS has launchd; set supervisor.type to tmux in team-compose.yaml.',
};

/** Whether what keeps the agents running can be asked about them, by the user we are. */
export const backend: Check = {
  name: 'back-end',
  async run(examined) {
    const { team } = examined;
    if (team.kind === 'missing') return [skipped('the team first')];
    const seen = await observeAgents(team.root, examined).catch((error: Error) => error);
    if (seen instanceof Error) return [brokenAsSaid(seen.message)];
    const { type, agents, backends } = seen;
    const version = await readVersion(type, examined);
    if (version.severity === 'broken') return [version];

    const states = [...agents.values()];
    const reasons = new Map(
      [...agents].flatMap(([id, each]) =>
        each.state === 'unknown' ? [[each.reason, backends.get(id)]] : [],
      ),
    );
    if (reasons.size > 0) {
      const findings = [...reasons].map(([reason, on = type]) => cannotBeAsked(on, reason, examined));
      return [version, ...findings];
    }
    const running = states.filter(({ state }) => state === 'running').length;
    return [ok(`${version.found} answers: ${running} of ${states.length} agents run`)];
  },
};

async function readVersion(type: string, { agentEnv }: Examined): Promise<Finding> {
  const [program = type, ...args] = versionOf[type] ?? [];
  const said = await execa(program, args, {
    env: agentEnv,
    extendEnv: false,
    stdin: 'ignore',
    timeout: 5000,
    reject: false,
  });
  if (said.failed) {
    const found = said.code === 'ENOENT' ? `there is no ${program} on the PATH` : `${program} does not run`;
    return broken(found, install[type] ?? `Install ${program}.`);
  }
  return ok(said.stdout.split('\n')[0]?.replace(/ \(.*/, '') ?? type);
}

function cannotBeAsked(type: string, reason: string, { agentEnv, uid }: Examined): Finding {
  if (!backendsOfThisHost().includes(type))
    return broken(`agents cannot be seen: ${reason}`, 'Run Muster where they were started.');
  if (type !== 'tmux') {
    const own =
      process.platform === 'linux' ? `loginctl enable-linger, or log in as ${uid}` : 'log in on the screen';
    return broken(`${type} cannot be asked: ${reason}`, `See that the user's own manager runs: ${own}.`);
  }
  const socket = socketPath(agentEnv);
  return broken(
    `tmux cannot be asked: ${reason}`,
    `Its socket is ${socket}. Run as its owner, or let this user in: docs/security.md, "Two users".`,
  );
}
