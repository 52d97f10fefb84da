import { createHash } from 'node:crypto';
import { sentenceCard, timeOfDay } from '../markup/blocks.ts';
import { escaped } from '../markup/mrkdwn.ts';
import type { Retelling } from '../outbox/retelling.ts';
import type { MessageWriter } from '../outbox/writer.ts';
import type { Deliveries } from '../records/deliveries.ts';

export interface ForgottenOptions {
  readonly writer: Pick<MessageWriter, 'post'>;
  readonly retelling: Retelling;
}

/** Commands that processes before this one took, and that ended before they began with them. */
export interface Forgotten {
  /** Says that nothing came of them: they are not run late. To be called again and again, for those that cannot be told yet. Never rejects. */
  tell(): Promise<void>;
}

/** To be made before anything new comes in. Throws `JournalError`. */
export function createForgotten(deliveries: Deliveries, { writer, retelling }: ForgottenOptions): Forgotten {
  const left = new Set(deliveries.forgotten());
  return {
    async tell() {
      const telling = [...left].map(async (forgotten) => {
        const { delivery, person, channel, text, at } = forgotten;
        const id = `E-${createHash('sha256').update(delivery).digest('hex').slice(0, 8)}`;
        // Of a click the text is a button's name and value.
        const what = text.startsWith('/') ? escaped(text, 150) : 'what you pressed';
        const words = `<@${person}> Muster was restarted before it began with ${what} (${timeOfDay(at)}). Nothing was touched; ask again. ${id}`;
        await retelling.tell(id, async () => {
          await writer.post({ channel, content: sentenceCard(words), id });
          deliveries.settle(delivery);
          left.delete(forgotten);
          return true;
        });
      });
      await Promise.all(telling);
    },
  };
}
