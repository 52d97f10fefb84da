import type { Faults } from '../faults.ts';
import type { Workspace } from '../workspace.ts';
import type { MessageStore } from './message-store.ts';
import type { ResponseUrls } from './response-urls.ts';
import type { ScheduledMessages } from './scheduled-messages.ts';
import type { SocketMode } from './socket-mode.ts';
import type { Tickets } from './tickets.ts';
import type { ViewStore } from './view-store.ts';

/** What the parts of the stand-in share. */
export interface Slack {
  /** `http://127.0.0.1:PORT` */
  readonly origin: string;
  readonly botToken: string;
  readonly appToken: string;
  /** What the app may do, as its manifest asks for. Remove one to see `missing_scope`. */
  readonly scopes: Set<string>;
  /** Set to one of Slack's words (`token_revoked`, `account_inactive`, `invalid_auth`) to lock the app out. */
  lockedOut: string | undefined;
  readonly workspace: Workspace;
  readonly messages: MessageStore;
  readonly scheduled: ScheduledMessages;
  readonly views: ViewStore;
  readonly socketMode: SocketMode;
  /** Trigger ids, each held by the person whose client got it. */
  readonly triggers: Tickets<string>;
  readonly responseUrls: ResponseUrls;
  readonly faults: Faults;
}
