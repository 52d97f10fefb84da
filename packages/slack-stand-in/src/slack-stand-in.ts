import { randomBytes } from 'node:crypto';
import { EventEmitter } from 'node:events';
import { createFaults, type Fault, type Faults } from './faults.ts';
import { type Conversation, createConversation } from './people/conversation.ts';
import { createPersonSide, type PersonSide } from './people/person.ts';
import { createPersonViews, type PersonViews } from './people/person-views.ts';
import { createWaiting, type WaitForMessage, type WaitForSockets } from './people/wait-for-message.ts';
import type { CallRecord, StandInEvents } from './server/events.ts';
import { type RequestHandler, startLoopbackServer } from './server/loopback-server.ts';
import { createMessageStore } from './server/message-store.ts';
import { createResponseUrls } from './server/response-urls.ts';
import { createScheduledMessages } from './server/scheduled-messages.ts';
import type { Slack } from './server/slack-state.ts';
import { type AppSocket, createSocketMode } from './server/socket-mode.ts';
import { createTickets } from './server/tickets.ts';
import { createViewStore } from './server/view-store.ts';
import { createApiHandler } from './web-api/api-server.ts';
import { createWorkspace, type Workspace, type WorkspaceOptions } from './workspace.ts';

export interface SlackStandInOptions extends WorkspaceOptions {
  /** A free one unless told. */
  readonly port?: number;
  readonly faults?: readonly Fault[];
  /** What the app was installed with; by default all that the stand-in knows. */
  readonly scopes?: readonly string[];
  /** How long a person's client waits for an acknowledgement; Slack's is 3000 ms. */
  readonly ackTimeoutMs?: number;
  /** Served beside the API, for a page in a browser. */
  readonly pages?: RequestHandler;
}

/** A Slack workspace on loopback: the app's side over HTTP and WebSocket, the people's side here. */
export interface SlackStandIn extends PersonSide, PersonViews, Conversation {
  /** For `SLACK_API_URL`. */
  readonly apiUrl: string;
  readonly origin: string;
  readonly botToken: string;
  readonly appToken: string;
  readonly workspace: Workspace;
  readonly events: StandInEvents;
  /** Resolves with the first message, there already or yet to come, that fits. */
  readonly waitForMessage: WaitForMessage;
  /** Resolves as soon as the number of connections the app holds fits. */
  readonly waitForSockets: WaitForSockets;
  /** Every call the app made, oldest first. */
  readonly log: readonly CallRecord[];
  readonly sockets: readonly AppSocket[];
  readonly faults: Faults;
  readonly scopes: Set<string>;
  /** Refuses every further call with `error`, as after an uninstall. `undefined` lets the app in again. */
  lockOut(error: 'token_revoked' | 'account_inactive' | 'invalid_auth' | undefined): void;
  expireResponseUrls(): void;
  /** Slack's clock goes ahead: what is scheduled by then is posted. */
  passTime(ms: number): void;
  close(): Promise<void>;
}

/** Slack keeps a trigger id alive for 3 seconds (docs.slack.dev, surfaces/modals). */
const triggerLifeMs = 3_000;

const allScopes = [
  ...['commands', 'chat:write', 'users:read', 'usergroups:read', 'reactions:write', 'im:write'],
  ...['channels:read', 'groups:read', 'im:read', 'channels:history', 'groups:history', 'im:history'],
];

export async function startSlackStandIn(options: SlackStandInOptions = {}): Promise<SlackStandIn> {
  const events: StandInEvents = new EventEmitter();
  const log: CallRecord[] = [];
  const workspace = createWorkspace(options);
  const faults = createFaults(options.faults);
  const messages = createMessageStore(events);
  const scheduled = createScheduledMessages(messages, workspace.bot.id);
  const socketMode = createSocketMode({
    appId: workspace.appId,
    faults,
    ackTimeoutMs: options.ackTimeoutMs ?? 3_000,
    onAck: (ack) => events.emit('ack', ack),
    onSockets: (open) => events.emit('sockets', open),
  });
  const apiHandler = createApiHandler(
    () => slack,
    (call) => {
      log.push(call);
      events.emit('call', call);
    },
  );
  const server = await startLoopbackServer({
    port: options.port ?? 0,
    handlers: [apiHandler, ...(options.pages ? [options.pages] : [])],
    upgrade: socketMode.upgrade,
  });

  const secret = randomBytes(12).toString('hex');
  const slack: Slack = {
    origin: server.origin,
    botToken: `xoxb-sandbox-${secret}`,
    appToken: `xapp-sandbox-${secret}`,
    scopes: new Set(options.scopes ?? allScopes),
    lockedOut: undefined,
    workspace,
    messages,
    scheduled,
    views: createViewStore((view) => events.emit('view', view)),
    socketMode,
    triggers: createTickets<string>(triggerLifeMs),
    responseUrls: createResponseUrls(server.origin),
    faults,
  };

  return {
    ...createPersonSide(slack),
    ...createPersonViews(slack),
    ...createConversation(messages, workspace),
    ...createWaiting(slack, events),
    apiUrl: `${server.origin}/api/`,
    origin: server.origin,
    botToken: slack.botToken,
    appToken: slack.appToken,
    workspace,
    events,
    log,
    faults,
    scopes: slack.scopes,
    get sockets() {
      return socketMode.sockets;
    },
    lockOut(error) {
      slack.lockedOut = error;
    },
    expireResponseUrls: () => slack.responseUrls.expireAll(),
    passTime: scheduled.passTime,
    async close() {
      scheduled.close();
      socketMode.close();
      await server.close();
    },
  };
}
