import { type types, webApi } from '@slack/bolt';
import { count } from '../../language/duration.ts';
import type { Log } from '../../log/log.ts';
import type { Redact } from '../../log/redact.ts';
import type { Site } from '../../site/site.ts';
import { systemTimers } from '../../timers.ts';
import { section, timeOfDay } from '../markup/blocks.ts';
import { escaped } from '../markup/mrkdwn.ts';
import { outgoing } from '../outbox/messages.ts';
import { createDeadManSwitch, type ScheduledMessages } from './dead-man-switch.ts';

export interface SilenceAlertOptions {
  readonly client: webApi.WebClient;
  readonly channel: string;
  readonly site: Pick<Site, 'status'>;
  readonly hostName: string;
  readonly redact: Redact;
  readonly log: Log;
}

/** Has Slack itself say so if this Muster falls silent. `stop` takes that back. */
export function startSilenceAlert(options: SilenceAlertOptions): { stop(): Promise<void> } {
  const { log } = options;
  let told: string | undefined;
  const deadManSwitch = createDeadManSwitch({
    messages: scheduledMessages(options),
    timers: systemTimers,
    onError({ message }) {
      // It is tried again and again; once is enough to say.
      if (message !== told)
        log.warn('the message for the case of silence is not in place', { error: message });
      told = message;
    },
  });
  deadManSwitch.start();
  return deadManSwitch;
}

/** Of this host's Muster, in the alert channel. */
export function scheduledMessages({
  client,
  channel,
  site,
  hostName,
  redact,
}: Omit<SilenceAlertOptions, 'log'>): ScheduledMessages {
  /** Slack lists them without metadata: it is by these words that ours are known. */
  const mark = `Muster on ${escaped(hostName)} has been silent since `;

  return {
    async schedule({ postAt, silentSince }) {
      const words = `:rotating_light: ${mark}${timeOfDay(silentSince)}. ${await unsupervised(site)} See whether the host is up, and whether Muster runs there.`;
      const { text, blocks } = outgoing({ text: words, blocks: [section(words)] }, redact);
      const { scheduled_message_id: id } = await client.chat.scheduleMessage({
        channel,
        text,
        blocks: blocks as types.KnownBlock[],
        post_at: Math.floor(postAt.getTime() / 1000),
      });
      if (id === undefined) throw new Error('Slack scheduled a message and did not say its id');
      return id;
    },
    async pending() {
      const { scheduled_messages: all = [] } = await client.chat.scheduledMessages.list({
        channel,
        limit: 100,
      });
      return all.flatMap(({ id, post_at, text }) =>
        id !== undefined && post_at !== undefined && text?.includes(mark)
          ? [{ id: String(id), postAt: new Date(post_at * 1000) }]
          : [],
      );
    },
    async remove(id) {
      try {
        await client.chat.deleteScheduledMessage({ channel, scheduled_message_id: id });
      } catch (error) {
        if (!isGone(error)) throw error;
      }
    },
  };
}

function isGone(error: unknown): boolean {
  return error instanceof webApi.WebAPIPlatformError && error.data.error === 'invalid_scheduled_message_id';
}

/** How many agents are on their own then; what cannot be counted is not counted. */
async function unsupervised(site: Pick<Site, 'status'>): Promise<string> {
  try {
    const { agents } = await site.status({ kind: 'team' });
    const running = agents.filter(({ seen }) => seen.state === 'running').length;
    return `${count(running, 'agent')} ran there then, and nobody has an eye on ${running === 1 ? 'it' : 'them'}.`;
  } catch {
    return 'Nobody has an eye on its agents.';
  }
}
