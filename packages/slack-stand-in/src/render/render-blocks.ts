import type { types } from '@slack/bolt';
import { buttonsOfBlock, type MessageButton } from './buttons.ts';
import type { Reader } from './reader.ts';
import { renderMrkdwn, renderPlainText } from './render-mrkdwn.ts';
import { renderPlan, renderTask } from './render-plan.ts';
import { renderRichText } from './render-rich-text.ts';
import { renderTable } from './render-table.ts';
import { wrap } from './text-layout.ts';

/** The number a person presses the button by. */
export type NumberButton = (button: MessageButton) => number;

export function renderBlock(
  block: types.KnownBlock,
  reader: Reader,
  columns: number,
  numberOf: NumberButton,
): string[] {
  const { ink } = reader;
  const buttons = () => renderButtons(block, reader, columns, numberOf);
  switch (block.type) {
    case 'section':
      return [
        ...(block.text ? wrap(renderText(block.text, reader), columns) : []),
        ...(block.fields ?? []).flatMap((field) => wrap(renderText(field, reader), columns)),
        ...buttons(),
      ];
    case 'header':
      return wrap(renderPlainText(block.text.text), columns).map(ink.bold);
    case 'context':
      return wrap(
        block.elements
          .map((element) => (element.type === 'image' ? element.alt_text : renderText(element, reader)))
          .join('  '),
        columns,
      ).map(ink.dim);
    case 'actions':
      return buttons();
    case 'divider':
      return [ink.dim('─'.repeat(Math.min(columns, 40)))];
    case 'rich_text':
      return renderRichText(block, reader, columns);
    case 'table':
      return renderTable(block.rows, block.column_settings ?? [], reader, columns);
    case 'data_table':
      return [block.caption, ...renderTable(block.rows, [], reader, columns)];
    case 'plan':
      return renderPlan(block, reader, columns);
    case 'task_card':
      return renderTask(block, reader, columns);
    case 'markdown':
      return wrap(block.text, columns);
    case 'image':
      return [`[image: ${block.alt_text}]`];
    default:
      return [ink.dim(`(${block.type})`)];
  }
}

function renderText(text: types.TextObject, reader: Reader): string {
  return text.type === 'mrkdwn' ? renderMrkdwn(text.text, reader) : renderPlainText(text.text);
}

/** Controls other than buttons are named, not drawn. */
function renderButtons(
  block: types.KnownBlock,
  { ink }: Reader,
  columns: number,
  numberOf: NumberButton,
): string[] {
  const labels = buttonsOfBlock(block).map((button) => {
    const label = `[${numberOf(button)}] ${renderPlainText(button.label)}`;
    if (button.style === 'danger') return ink.bad(`${label} (danger)`);
    return button.style === 'primary' ? ink.good(label) : label;
  });
  return labels.length > 0 ? wrap(labels.join('   '), columns) : [];
}
