import { chmodSync, cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import type { Message } from '../../../packages/slack-stand-in/src/server/message-store.ts';
import { type SlackStandIn, startSlackStandIn } from '../../../packages/slack-stand-in/src/slack-stand-in.ts';
import { type E2eTeam, type TeamOnDisk, writeTeam } from '../bot/e2e-agents.ts';
import { type Program, runScript } from '../bot/e2e-program.ts';
import { until } from '../until.ts';
import { type SystemdManager, startSystemdManager } from './systemd-manager.ts';

const repository = fileURLToPath(new URL('../../..', import.meta.url));

/** A host with a systemd, a Slack, a team, and a checkout of Muster that is nobody else's. */
export interface ServiceHost {
  readonly manager: SystemdManager;
  readonly slack: SlackStandIn;
  readonly team: TeamOnDisk;
  readonly checkout: string;
  /** `muster setup --yes --service user` in the checkout. `first`: with every value in the environment, as nothing is set yet. */
  setUp(first?: 'first'): Program;
  /** Of the bot; 0 while there is none. */
  pid(): Promise<number>;
  /** Resolves with the pid of another bot than this one, once it runs. */
  next(pid: number): Promise<number>;
  /** A message on one line, however it is broken. */
  text(message: Message): string;
  /** Types a command, and waits for a new message in its channel that reads so. */
  say(command: string, wanted: RegExp): Promise<Message>;
  /** How each life of the service ended, as systemd tells it: `success 0`. */
  readonly endsFile: string;
  stop(): Promise<void>;
}

export async function startServiceHost(wanted: E2eTeam): Promise<ServiceHost> {
  const manager = await startSystemdManager();
  const { directory } = manager;
  chmodSync(directory, 0o700);
  const slack = await startSlackStandIn();
  const team = writeTeam(directory, wanted);
  const checkout = join(directory, 'checkout');
  for (const part of ['bin', 'src', 'package.json', 'manifest.json', 'README.md'])
    cpSync(join(repository, part), join(checkout, part), { recursive: true });
  symlinkSync(join(repository, 'node_modules'), join(checkout, 'node_modules'));
  const env = { ...manager.env, TMUX_TMPDIR: directory };
  const endsFile = join(directory, 'ends');
  const dropIns = join(directory, 'home/.config/systemd/user/muster.service.d');
  mkdirSync(dropIns, { recursive: true });
  const tell = `/bin/sh -c 'echo "$SERVICE_RESULT $EXIT_STATUS" >>${endsFile}'`;
  const own = `Environment=TMUX_TMPDIR=${directory}`;
  writeFileSync(join(dropIns, 'tell.conf'), `[Service]\n${own}\nExecStopPost=${tell}\n`);
  const values = {
    SLACK_BOT_TOKEN: slack.botToken,
    SLACK_APP_TOKEN: slack.appToken,
    SLACK_API_URL: slack.apiUrl,
    SLACK_CHANNELS: 'C0OPS000000,C0ALERTS000',
    SLACK_ALERT_CHANNEL: 'C0ALERTS000',
    SLACK_OPERATORS: 'U0ANA000000',
    TEAM_ROOT: team.root,
  };
  const text = (message: Message) => slack.read(message).replace(/\s+/g, ' ');
  const pid = async () => Number(await manager.systemctl('show', '--property=MainPID', '--value', 'muster'));

  return {
    ...{ manager, slack, team, checkout, pid, text, endsFile },
    setUp: (first) =>
      runScript(
        'setup',
        directory,
        { ...env, ...(first && values) },
        ['--yes', '--service', 'user'],
        checkout,
      ),
    next: (before) =>
      until(
        'another bot runs',
        async () => {
          const now = await pid();
          const isReady = now !== before && (await manager.systemctl('is-active', 'muster')) === 'active';
          return isReady ? now : undefined;
        },
        30_000,
      ),
    async say(command, wanted) {
      const inChannel = () => slack.messages('ops').map(({ ts }) => ts);
      const before = inChannel();
      await slack.slash('ana', 'ops', command);
      return await slack.waitForMessage(
        (message) =>
          inChannel().includes(message.ts) && !before.includes(message.ts) && wanted.test(text(message)),
        { timeoutMs: 30_000 },
      );
    },
    async stop() {
      await execa('tmux', ['kill-server'], { env, extendEnv: false, reject: false });
      await manager.stop();
      await slack.close();
    },
  };
}
