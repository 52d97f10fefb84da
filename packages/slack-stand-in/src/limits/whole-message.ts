import type { Problem } from './problem.ts';
import type { CheckedBlock } from './surfaces.ts';

/** Characters over all cells of a table, and over all tables of a message. */
export const tableTextLimit = 10_000;

/** Characters over all `markdown` blocks of a message. */
const markdownTextLimit = 12_000;

/** What Slack asks of blocks together, each of them being well formed. */
export function problemsTogether(blocks: readonly CheckedBlock[], root: string): Problem[] {
  return [
    ...repeatedBlockIds(blocks, [root]),
    ...blocks.flatMap((block, index) => repeatedActionIds(block, [root, index])),
    ...repeated(taskIds(blocks), (id) => `"task_id" "${id}" already exists`).map(({ message }) => ({
      message,
      path: [root],
    })),
    ...(ofType(blocks, 'plan').length > 1 ? [{ message: 'only one plan block allowed', path: [root] }] : []),
    ...(textOf(ofType(blocks, 'markdown')) > markdownTextLimit
      ? [
          {
            message: `markdown blocks must have no more than ${markdownTextLimit} characters together`,
            path: [root],
          },
        ]
      : []),
  ];
}

export function repeatedBlockIds(
  blocks: readonly { readonly block_id?: string | undefined }[],
  path: readonly PropertyKey[],
): Problem[] {
  const ids = blocks.map(({ block_id }) => block_id);
  return repeated(ids, (id) => `"block_id" "${id}" already exists`).map(({ message, index }) => ({
    message,
    path: [...path, index, 'block_id'],
  }));
}

export function tablesIn(blocks: readonly CheckedBlock[]): CheckedBlock[] {
  return blocks.flatMap((block): CheckedBlock[] => {
    if (block.type === 'table' || block.type === 'data_table') return [block];
    return block.type === 'container' ? tablesIn(block.child_blocks) : [];
  });
}

const textKeys = ['text', 'title', 'alt_text', 'caption'];

/** Characters a person could read in it. */
export function textOf(part: unknown): number {
  if (Array.isArray(part)) return part.reduce((sum: number, item) => sum + textOf(item), 0);
  if (typeof part !== 'object' || part === null) return 0;
  return Object.entries(part).reduce(
    (sum, [key, value]) =>
      sum + (typeof value === 'string' ? (textKeys.includes(key) ? value.length : 0) : textOf(value)),
    0,
  );
}

function repeatedActionIds(block: CheckedBlock, path: readonly PropertyKey[]): Problem[] {
  if (block.type !== 'actions') return [];
  const ids = block.elements.map((element) => element.action_id);
  return repeated(ids, (id) => `"action_id" "${id}" already exists`).map(({ message, index }) => ({
    message,
    path: [...path, 'elements', index, 'action_id'],
  }));
}

function taskIds(blocks: readonly CheckedBlock[]): string[] {
  return [...ofType(blocks, 'plan').flatMap(({ tasks = [] }) => tasks), ...ofType(blocks, 'task_card')].map(
    ({ task_id }) => task_id,
  );
}

function ofType<T extends CheckedBlock['type']>(
  blocks: readonly CheckedBlock[],
  type: T,
): Extract<CheckedBlock, { type: T }>[] {
  return blocks.filter((block): block is Extract<CheckedBlock, { type: T }> => block.type === type);
}

function repeated(
  ids: readonly (string | undefined)[],
  complain: (id: string) => string,
): { message: string; index: number }[] {
  return ids.flatMap((id, index) =>
    id !== undefined && ids.indexOf(id) < index ? [{ message: complain(id), index }] : [],
  );
}
