import { createHash } from 'node:crypto';
import type { Deliveries } from '../operations/deliveries.ts';
import { sentenceCard, timeOfDay } from './blocks.ts';
import type { Log } from './log.ts';
import { escaped } from './outside-text.ts';
import type { MessageWriter } from './writer.ts';

/** Says of commands that Muster took and ended before it began with them that nothing came of them: they are not run late. */
export async function tellForgotten(
  deliveries: Deliveries,
  { writer, log }: { readonly writer: Pick<MessageWriter, 'post'>; readonly log: Log },
): Promise<void> {
  for (const { delivery, person, channel, text, at } of deliveries.forgotten()) {
    const id = `E-${createHash('sha256').update(delivery).digest('hex').slice(0, 8)}`;
    // Of a click the text is a button's name and value.
    const what = text.startsWith('/') ? escaped(text, 150) : 'what you pressed';
    const words = `<@${person}> Muster was restarted before it began with ${what} (${timeOfDay(at)}). Nothing was touched; ask again. ${id}`;
    try {
      await writer.post({ channel, content: sentenceCard(words), id });
      deliveries.settle(delivery);
    } catch (error) {
      log.error('a person could not be told of a command that was not begun', { id, error: String(error) });
    }
  }
}
