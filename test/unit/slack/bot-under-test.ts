import { webApi } from '@slack/bolt';
import type { Message } from '../../../packages/slack-stand-in/src/server/message-store.ts';
import {
  type SlackStandIn,
  type SlackStandInOptions,
  startSlackStandIn,
} from '../../../packages/slack-stand-in/src/slack-stand-in.ts';
import type { AgentId } from '../../../src/domain/agent.ts';
import { createRedact } from '../../../src/log/redact.ts';
import { createProjectLocks } from '../../../src/operations/locks/project-locks.ts';
import { createLocalSite } from '../../../src/site/local-site.ts';
import { createBot } from '../../../src/slack/bot.ts';
import { createConnection } from '../../../src/slack/connection/connection.ts';
import { clientOptions, readWorkspace } from '../../../src/slack/connection/web-client.ts';
import { messagesOf } from '../../../src/slack/outbox/messages.ts';
import { createMessageWriter } from '../../../src/slack/outbox/writer.ts';
import type { ConfirmRule } from '../../../src/slack/records/open-confirmations.ts';
import type { FakeAgent } from '../../fakes/fake-supervisor.ts';
import type { TeamTree } from '../../fakes/team/team-tree.ts';
import { self } from '../journal/journal-under-test.ts';
import { createRunningTeam, shopYaml, type TeamUnderTest } from '../operations/team-under-test.ts';
import { keptLog } from './slack-under-test.ts';

export interface BotUnderTest extends AsyncDisposable {
  readonly slack: SlackStandIn;
  readonly team: TeamUnderTest;
  readonly log: ReturnType<typeof keptLog>;
  /** Types a command and waits until the bot has done all it does about it. */
  say(person: string, text: string, channel?: string): Promise<void>;
  press(person: string, message: Pick<Message, 'ts'>, button: string): Promise<void>;
  /** The newest message of a channel, replies apart. */
  last(channel?: string): Message;
  /** Resolves when nothing is under way. */
  idle(): Promise<void>;
  /** As at a SIGTERM. */
  pause(): void;
}

export interface BotOptions {
  readonly tree?: TeamTree;
  readonly agents?: Record<AgentId, FakeAgent>;
  readonly slack?: SlackStandInOptions;
  /** Names of the channels in which it answers; `ops` and `alerts` unless told. */
  readonly channels?: readonly string[];
  /** The name of the channel; `alerts` unless told. */
  readonly alertChannel?: string;
  /** Names of people; ana unless told. */
  readonly operators?: readonly string[];
  readonly confirm?: ConfirmRule;
  /** Happens before the bot starts, such as what an earlier process left in the journal. */
  readonly before?: (team: TeamUnderTest) => Promise<void>;
}

/** All of the bot but its process, with a Slack on loopback and a fake supervisor. Ana is an operator, in #ops and #alerts. */
export async function startBot(options: BotOptions = {}): Promise<BotUnderTest> {
  const slack = await startSlackStandIn(options.slack);
  const team = await createRunningTeam(options.tree ?? { projects: { shop: shopYaml } }, options.agents);
  await options.before?.(team);
  const log = keptLog();
  const redact = createRedact([slack.botToken, slack.appToken]);
  const webOptions = clientOptions(slack.apiUrl, log);
  const client = new webApi.WebClient(slack.botToken, webOptions);
  const { host } = team;
  const writer = createMessageWriter({
    messages: messagesOf(client, redact),
    log,
    editSpacingMs: 1,
    postSpacingMs: 1,
    firstRetryMs: 1,
  });
  const receiver = createConnection({
    appToken: slack.appToken,
    apiUrl: slack.apiUrl,
    log,
    onRefused: () => undefined,
    onLost: () => undefined,
    firstRetryMs: 5,
  });
  const { records } = team;
  const lives = async ({ pid }: { readonly pid: number }) => pid === self.pid;
  const bot = createBot({
    site: createLocalSite({ host, records, locks: createProjectLocks(), self, lives }),
    host,
    records,
    lives,
    workspace: readWorkspace(client),
    channels: (options.channels ?? ['ops', 'alerts']).map((name) => slack.workspace.channel(name).id),
    alertLines: 15,
    silenceAlert: false,
    alertChannel: slack.workspace.channel(options.alertChannel ?? 'alerts').id,
    operators: (options.operators ?? ['ana']).map((name) => slack.workspace.person(name).id),
    ...(options.confirm && { confirm: options.confirm }),
    viewers: undefined,
    client,
    clientOptions: { ...webOptions },
    botToken: slack.botToken,
    receiver,
    writer,
    redact,
    log,
    retellMs: 1,
  });
  await bot.recover();
  await bot.app.start();
  bot.watch();
  const { idle, pause } = bot;

  return {
    slack,
    team,
    log,
    idle,
    pause,
    async say(person, text, channel = 'ops') {
      await slack.slash(person, channel, text);
      await idle();
    },
    async press(person, message, button) {
      await slack.press(person, message, button);
      await idle();
    },
    last(channel = 'ops') {
      const message = slack.messages(channel).at(-1);
      if (message === undefined) throw new Error(`nobody said anything in #${channel}`);
      return message;
    },
    async [Symbol.asyncDispose]() {
      await receiver.stop();
      await bot.end();
      await slack.close();
    },
  };
}
