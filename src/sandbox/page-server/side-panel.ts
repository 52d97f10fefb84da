import type { SlackStandIn } from '../../../packages/slack-stand-in/src/slack-stand-in.ts';
import type { DemoHost } from '../demo-host.ts';
import type { PageWords } from '../page-words.ts';

/** What the page shows and changes; known a moment later than the server that serves it. */
export interface PageWorld {
  readonly slack: SlackStandIn;
  readonly host: DemoHost;
  readonly words: PageWords;
}
