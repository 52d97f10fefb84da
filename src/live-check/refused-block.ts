import type { types } from '@slack/bolt';

/** `block 2 (a table)` for each that Slack's words point at. */
export function refusedBlocks(words: string, blocks: readonly types.KnownBlock[]): readonly string[] {
  const numbers = [...words.matchAll(/json-pointer:\/blocks\/(\d+)/g)].map(([, number]) => Number(number));
  return [...new Set(numbers)].map((number) => {
    const type = blocks[number]?.type.replaceAll('_', ' ') ?? 'one that is not there';
    return `block ${number + 1} of ${blocks.length} (${type})`;
  });
}
