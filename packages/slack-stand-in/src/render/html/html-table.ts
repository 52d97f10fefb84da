import type { types } from '@slack/bolt';
import { type Html, html } from './html.ts';
import type { HtmlReader } from './html-reader.ts';
import { richTextHtml } from './html-rich-text.ts';

type Cell = types.TableBlock['rows'][number][number];

type Columns = NonNullable<types.TableBlock['column_settings']>;

/** The first row is the header. A wide table scrolls by itself, so that the page does not. */
export function tableHtml(
  rows: readonly (readonly Cell[])[],
  columns: Columns,
  reader: HtmlReader,
  caption?: string,
): Html {
  const [head = [], ...body] = rows;
  const row = (cells: readonly Cell[], tag: 'th' | 'td') =>
    html`<tr>${cells.map((cell, index) => cellHtml(cell, columns[index] ?? {}, tag, reader))}</tr>`;
  return html`<div class="table" tabindex="0" role="region" aria-label="${caption ?? 'table'}"><table>${
    caption !== undefined && html`<caption>${caption}</caption>`
  }<thead>${row(head, 'th')}</thead><tbody>${body.map((cells) => row(cells, 'td'))}</tbody></table></div>`;
}

function cellHtml(
  cell: Cell,
  { align = 'left', is_wrapped: isWrapped = false }: NonNullable<Columns[number]>,
  tag: 'th' | 'td',
  reader: HtmlReader,
): Html {
  const names = `align-${align}${isWrapped ? ' wrapped' : ''}`;
  const words = cell.type === 'rich_text' ? richTextHtml(cell, reader) : html`${cell.text}`;
  return tag === 'th'
    ? html`<th scope="col" class="${names}">${words}</th>`
    : html`<td class="${names}">${words}</td>`;
}
