import type { App, webApi } from '@slack/bolt';
import type { Incarnation } from '../domain/observation.ts';
import { RefusedError } from '../domain/refusal.ts';
import { JournalError } from '../journal/journal.ts';
import type { Log } from '../log/log.ts';
import type { Redact } from '../log/redact.ts';
import type { Host } from '../operations/host.ts';
import type { Records } from '../operations/records/records.ts';
import { keepLooking } from '../site/poll-journal.ts';
import type { Site } from '../site/site.ts';
import { createMutes } from '../watch/alerts/mutes.ts';
import { createAlerts } from './alerts/forced-kills.ts';
import { startSilenceAlert } from './alerts/silence-alert.ts';
import { startWatching } from './alerts/watch-alerts.ts';
import { createSlackApp } from './app.ts';
import type { Connection } from './connection/connection.ts';
import type { Workspace } from './connection/web-client.ts';
import { createAccess } from './guard/access.ts';
import { createGuard } from './guard/guard.ts';
import { createPeople } from './guard/people.ts';
import { createPace } from './guard/rate-limit.ts';
import { createAsking } from './operations/confirmations.ts';
import { createForgotten, type Forgotten } from './operations/lost-requests.ts';
import { createRecovery } from './operations/recovery.ts';
import { createRequests } from './operations/requests.ts';
import { createShowing } from './operations/showing.ts';
import { postingOnce } from './outbox/post-once.ts';
import { createRetelling } from './outbox/retelling.ts';
import type { MessageWriter } from './outbox/writer.ts';
import { createDeliveries } from './records/deliveries.ts';
import { type ConfirmRule, createQuestions } from './records/open-confirmations.ts';
import { createOperationMessages } from './records/operation-messages.ts';
import { createPosts } from './records/posts.ts';

export interface BotOptions {
  readonly site: Site;
  /** Of the site, for the watch. */
  readonly host: Host;
  readonly records: Records;
  /** Whether another process of ours still lives. */
  readonly lives: (owner: Incarnation) => Promise<boolean>;
  /** Known once Slack has let us in; what an earlier process left does not wait for that. */
  readonly workspace: Promise<Pick<Workspace, 'teamId' | 'botUser' | 'url'>>;
  readonly channels: readonly string[];
  readonly alertChannel: string;
  /** How many of an agent's last lines the alert channel may see. */
  readonly alertLines: number;
  /** Slack itself tells the alert channel when Muster falls silent. */
  readonly silenceAlert: boolean;
  readonly operators: readonly string[];
  readonly viewers: readonly string[] | undefined;
  readonly confirm?: ConfirmRule;
  readonly client: webApi.WebClient;
  readonly clientOptions: webApi.WebClientOptions;
  readonly botToken: string;
  readonly receiver: Connection;
  readonly writer: MessageWriter;
  readonly redact: Redact;
  readonly log: Log;
  /** Milliseconds until a verdict that could not be told is told again; doubled for each further try. 60 s unless told. */
  readonly retellMs?: number | undefined;
}

/** Everything between Slack and the site. */
export interface Bot {
  readonly app: App;
  /** Takes up what an earlier process left; resolves when nothing new can come between. */
  recover(): Promise<{ readonly settled: Promise<void> }>;
  /** From now on the alert channel is told what happens by itself. */
  watch(): void;
  /** Takes no more requests and begins no more steps. */
  pause(): void;
  /** Resolves when nothing is under way and everything is shown. */
  idle(): Promise<void>;
  /** Ends the watch, and takes back what Slack would say of its silence: Muster stops as it should. */
  end(): Promise<void>;
}

export function createBot(options: BotOptions): Bot {
  const { site, host, records, workspace, channels, operators, viewers, client, writer, redact, log } =
    options;
  const { alertChannel } = options;
  const { journal, audit, operations } = records;
  const deliveries = createDeliveries(journal);
  const posts = createPosts(journal);
  const access = createAccess({
    workspace,
    channels,
    alertChannel,
    operators,
    viewers,
    people: createPeople({ client, workspace, log }),
    hasRival: () => options.receiver.hasRival(),
  });
  const guard = createGuard({ access, pace: createPace(), deliveries, audit, operations, log });
  const once = postingOnce(writer, posts, log);
  const hostName = host.name;
  const mutes = createMutes(journal);
  const alerts = createAlerts({
    writer: once,
    channel: alertChannel,
    lines: options.alertLines,
    hostName,
    mutes,
    log,
  });
  const messages = createOperationMessages({ operations, lives: options.lives });
  const showing = createShowing({
    ...{ site, writer: once, alerts, messages, hostName, log },
    retellMs: options.retellMs,
  });
  const rule = options.confirm ?? 'requester';
  const questions = createQuestions({
    journal,
    rule,
    onUnwritten: ({ message }) =>
      log.error('a question whose time is over cannot be closed yet', { error: message }),
  });
  const asking = createAsking({ questions, writer, hostName, rule });
  const requests = createRequests({
    ...{ site, writer, showing, asking, questions, messages, workspace, hostName, log },
  });
  const recovery = createRecovery({ site, showing, asking, messages, log });
  let forgotten: Forgotten | undefined;
  async function look(): Promise<void> {
    journal.catchUp();
    void forgotten?.tell();
    await recovery.lookAround();
  }
  let closing: Promise<void> | undefined;
  const onWatch: { stop(): Promise<void> }[] = [];
  let looking: Promise<() => void> = Promise.resolve(() => undefined);
  const app = createSlackApp({
    receiver: options.receiver,
    botToken: options.botToken,
    clientOptions: options.clientOptions,
    guard,
    desk: {
      ...{ site, hostName, writer, requests, alertChannel, access },
      muteTold: ({ mute }) => mutes.told(mute),
    },
    redact,
    log,
  });
  return {
    app,
    async recover() {
      const { settled } = await recovery.recover().catch(nothingWithoutJournal);
      const retelling = createRetelling({ log, firstGapMs: options.retellMs });
      forgotten = unlessWithoutJournal(() => createForgotten(deliveries, { writer: once, retelling }));
      const all = Promise.all([settled, forgotten?.tell()]).then(() => undefined);
      looking = all.then(() => keepLooking(look, log));
      return { settled: all };
    },
    watch() {
      const watching = unlessWithoutJournal(() =>
        startWatching({ host, journal, writer: once, channel: alertChannel, log }),
      );
      if (watching !== undefined) onWatch.push(watching);
      if (options.silenceAlert) {
        onWatch.push(startSilenceAlert({ client, channel: alertChannel, site, hostName, redact, log }));
      }
    },
    pause() {
      closing = site.close();
      void looking.then((stop) => stop());
    },
    async idle() {
      await Promise.all([guard.idle(), closing]);
      await writer.flush();
    },
    async end() {
      await Promise.all(onWatch.map((each) => each.stop()));
    },
  };
}

/** Without the journal there is nothing to take up. */
function nothingWithoutJournal(error: unknown): { readonly settled: Promise<void> } {
  const isMissing = error instanceof RefusedError && error.refusal.kind === 'journal';
  if (isMissing || error instanceof JournalError) return { settled: Promise.resolve() };
  throw error;
}

/** Nor is there anything to know. */
function unlessWithoutJournal<Result>(look: () => Result): Result | undefined {
  try {
    return look();
  } catch (error) {
    if (error instanceof JournalError) return undefined;
    throw error;
  }
}
