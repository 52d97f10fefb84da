import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { commandText } from '../../supervisor/systemd/unit-text.ts';

export const unitName = 'muster.service';

export const agentsUnitName = 'muster-agents.service';

export const agentsSocket = '/run/muster-agents/tmux';

/** Where a user's own units lie. The manager has an environment of its own, so what the shell says of `XDG_CONFIG_HOME` is nothing to it. */
export function userUnitDirectory(env: Readonly<Record<string, string | undefined>>): string {
  return join(env.HOME || homedir(), '.config/systemd/user');
}

export interface BotService {
  readonly node: string;
  /** The checkout of Muster. */
  readonly directory: string;
  /** Where `.env` is. */
  readonly workingDirectory: string;
  readonly path: string;
  /** For the host's own manager. */
  readonly users?: TwoUsers;
}

export interface TwoUsers {
  readonly bot: string;
  readonly agents: string;
  /** The group that both are in, and that the team's files belong to. */
  readonly group: string;
  readonly writable: readonly string[];
}

/** What is new to Node it keeps in 32 MB unless told, of which an idle bot needs 4; `npm start` says the same. */
const lean = ['--max-semi-space-size=2'];

const written = '# Written by muster setup. Changes belong in a drop-in: systemctl edit';

/**
 * The bot as a service. The agents are never in it: their tmux server is a service of its own, made by Muster under a user's
 * manager and by `agentsUnitText` under the host's, so that nothing here holds them back and they outlive every restart.
 */
export function botUnitText({ node, directory, workingDirectory, path, users }: BotService): string {
  const main = join(directory, 'src/main.ts');
  const preload = join(directory, 'src/require-node.js');
  return `${written} ${users ? '' : '--user '}muster
[Unit]
Description=Muster, a Slack bot for teams of agents
Documentation=file://${specifier(join(directory, 'README.md'))}
${users ? `After=network-online.target ${agentsUnitName}\nWants=network-online.target ${agentsUnitName}\n` : ''}StartLimitIntervalSec=0

[Service]
Type=notify
NotifyAccess=all
ExecStart=${commandText([node, ...lean, '--import', preload, main])}
WorkingDirectory=${specifier(workingDirectory)}
Environment=${values(`PATH=${path}`)}
Restart=on-failure
RestartSec=5
RestartPreventExitStatus=78
WatchdogSec=60
TimeoutStartSec=60
TimeoutStopSec=20
KillMode=mixed
${users ? systemHardening(users) : userHardening}
[Install]
WantedBy=${users ? 'multi-user.target' : 'default.target'}
`;
}

/** What a user's own manager can hold back; it holds back nothing it starts for others. */
const userHardening = `UMask=0077
NoNewPrivileges=yes
LockPersonality=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
SystemCallArchitectures=native
`;

/**
 * `CAP_KILL`: agents are processes of another user, and what does not stop has to be killed. `MemoryDenyWriteExecute` would keep Node
 * from compiling, `ProtectProc` would hide the agents, `PrivateUsers` would take the right to signal them.
 */
function systemHardening({ bot, group, writable }: TwoUsers): string {
  return `User=${specifier(bot)}
SupplementaryGroups=${specifier(group)}
UMask=0007
StateDirectory=muster
StateDirectoryMode=0700
ReadWritePaths=${values(...writable)}
AmbientCapabilities=CAP_KILL
CapabilityBoundingSet=CAP_KILL
NoNewPrivileges=yes
ProtectSystem=strict
PrivateTmp=yes
PrivateDevices=yes
ProtectKernelTunables=yes
ProtectKernelModules=yes
ProtectKernelLogs=yes
ProtectControlGroups=yes
ProtectClock=yes
ProtectHostname=yes
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
LockPersonality=yes
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6
SystemCallArchitectures=native
SystemCallFilter=@system-service
`;
}

export interface AgentsService {
  readonly tmux: string;
  readonly path: string;
  readonly users: TwoUsers;
}

/** The agents' tmux server, which lets the bot in. Nothing is held back: an agent may do what its user may. */
export function agentsUnitText({ tmux, path, users }: AgentsService): string {
  const server = [tmux, '-u', '-S', agentsSocket, 'start-server'];
  const stayEmpty = [';', 'set-option', '-s', 'exit-empty', 'off'];
  const letIn = [';', 'server-access', '-a', users.bot];
  return `${written} muster-agents
[Unit]
Description=tmux server of the agents that Muster runs

[Service]
Type=forking
User=${specifier(users.agents)}
Group=${specifier(users.group)}
UMask=0007
WorkingDirectory=~
RuntimeDirectory=${dirname(agentsSocket).slice('/run/'.length)}
RuntimeDirectoryMode=2750
Environment=${values(`PATH=${path}`)}
ExecStart=${commandText([...server, ...stayEmpty, ...letIn])}
ExecStartPost=/bin/chmod g+rw ${agentsSocket}
Restart=on-failure
RestartSec=1
OOMPolicy=continue
TasksMax=infinity

[Install]
WantedBy=multi-user.target
`;
}

/** Words in which, unlike in those of a command, `$` means nothing. */
function values(...words: readonly string[]): string {
  return commandText(words).replaceAll('$$', () => '$');
}

/** In a value that systemd does not split into words. */
function specifier(text: string): string {
  return text.replaceAll('%', '%%');
}
