import type { Words } from '../../language/read-words.ts';
import { UsageError } from '../../language/refusals.ts';

export type Order =
  | { readonly kind: 'list'; readonly only: readonly string[] }
  | {
      readonly kind: 'check';
      readonly channel: string;
      readonly only: readonly string[];
      readonly removes: boolean;
      readonly asks: boolean;
    };

/** Throws UsageError. */
export function readOrder({ options }: Words): Order {
  const only = options.get('only') ?? [];
  if (options.has('list')) return { kind: 'list', only };
  const channel = options.get('channel')?.at(-1);
  if (channel === undefined)
    throw new UsageError('--channel is missing; it says where the cards are posted.');
  if (!/^[CG][A-Z0-9]{4,}$/.test(channel)) {
    throw new UsageError(
      `--channel is "${channel}"; it must be one channel id, such as C0123ABCD, from the end of the channel's About tab in Slack.`,
    );
  }
  return { kind: 'check', channel, only, removes: options.has('delete'), asks: !options.has('yes') };
}
