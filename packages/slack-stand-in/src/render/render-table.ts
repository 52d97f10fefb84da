import type { types } from '@slack/bolt';
import type { Reader } from './reader.ts';
import { renderRichText } from './render-rich-text.ts';
import { columnsOf, pad, wrap } from './text-layout.ts';

type Cell = types.TableBlock['rows'][number][number];

type Align = 'left' | 'center' | 'right';

/** Narrower than this a column says nothing. */
const narrowest = 6;

export function renderTable(
  rows: types.TableBlock['rows'],
  settings: NonNullable<types.TableBlock['column_settings']>,
  reader: Reader,
  columns: number,
): string[] {
  const texts = rows.map((row) => row.map((cell) => cellText(cell, reader)));
  const count = Math.max(...texts.map((row) => row.length));
  const natural = Array.from({ length: count }, (_, index) =>
    Math.max(...texts.map((row) => Math.max(...(row[index] ?? '').split('\n').map(columnsOf)))),
  );
  const widths = narrowed(natural, columns - 3 * count - 1);
  const aligns = widths.map((_, index): Align => settings[index]?.align ?? 'left');

  const line = (left: string, middle: string, right: string) =>
    reader.ink.dim(left + widths.map((width) => '─'.repeat(width + 2)).join(middle) + right);
  const [head = [], ...body] = texts.map((row) => renderRow(row, widths, aligns, reader));
  const headLines = head.map((text) => reader.ink.bold(text));
  return [
    line('┌', '┬', '┐'),
    ...headLines,
    ...(body.length > 0 ? [line('├', '┼', '┤')] : []),
    ...body.flat(),
    line('└', '┴', '┘'),
  ];
}

function renderRow(
  texts: readonly string[],
  widths: readonly number[],
  aligns: readonly Align[],
  { ink }: Reader,
): string[] {
  const cells = widths.map((width, index) => wrap(texts[index] ?? '', width));
  const height = Math.max(...cells.map((lines) => lines.length));
  const bar = ink.dim('│');
  return Array.from({ length: height }, (_, line) => {
    const parts = widths.map((width, index) => ` ${pad(cells[index]?.[line] ?? '', width, aligns[index])} `);
    return bar + parts.join(bar) + bar;
  });
}

/** Takes from the widest until all fit. */
function narrowed(natural: readonly number[], available: number): number[] {
  const widths = [...natural];
  let excess = widths.reduce((sum, width) => sum + width, 0) - available;
  while (excess > 0) {
    const widest = widths.indexOf(Math.max(...widths));
    if ((widths[widest] ?? 0) <= narrowest) break;
    widths[widest] = (widths[widest] ?? 0) - 1;
    excess -= 1;
  }
  return widths;
}

function cellText(cell: Cell, reader: Reader): string {
  return cell.type === 'rich_text'
    ? renderRichText(cell, reader, Number.POSITIVE_INFINITY).join('\n')
    : cell.text;
}
