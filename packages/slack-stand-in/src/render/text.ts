import type { types } from '@slack/bolt';
import type { Message } from '../server/message-store.ts';
import type { Workspace } from '../workspace.ts';
import { buttonsOf } from './buttons.ts';
import { createInk } from './ink.ts';
import type { Reader } from './reader.ts';
import { type NumberButton, renderBlock } from './render-blocks.ts';
import { renderMrkdwn } from './render-mrkdwn.ts';
import { formatSlackDate } from './slack-date.ts';
import { indent, wrap } from './text-layout.ts';

/** A reader of plain text, for logs, documents and the messages of failed tests. */
export function plainReader(workspace: Workspace, { columns = 100, timeZone = 'UTC' } = {}): Reader {
  return { workspace, columns, timeZone, ink: createInk(false) };
}

/** A message as a person reads it: who, when, and what Slack shows of it. */
export function renderMessage(untrusted: Message, reader: Reader): string {
  const message = printable(untrusted);
  const margin = message.threadTs ? '    ' : '';
  return indent(
    [headline(message, reader), ...indent(renderContent(message, reader, margin.length + 2))],
    margin,
  ).join('\n');
}

/** Messages and the replies among them, each reply under its parent if that is there too. */
export function renderConversation(messages: readonly Message[], reader: Reader): string {
  const shown = new Set(messages.map(({ ts }) => ts));
  const isRoot = ({ threadTs }: Message) => !threadTs || !shown.has(threadTs);
  return messages
    .filter(isRoot)
    .flatMap((root) => [root, ...messages.filter(({ threadTs }) => threadTs === root.ts)])
    .map((message) => renderMessage(message, reader))
    .join('\n');
}

/** Whatever an agent printed may stand in a message: nothing of it reaches the terminal as a command. */
function printable(message: Message): Message {
  const identifiers = ['action_id', 'block_id', 'value'];
  return JSON.parse(JSON.stringify(message), (key, value: unknown) =>
    typeof value === 'string' && !identifiers.includes(key)
      ? value.replace(/[^\P{Control}\n\t]|\p{Bidi_Control}/gu, '\ufffd')
      : value,
  );
}

function headline(message: Message, reader: Reader): string {
  const { ink, workspace, timeZone, labelOf } = reader;
  const author = workspace.findUser(message.author);
  const time = formatSlackDate(Number.parseInt(message.ts, 10), '{time}', timeZone);
  const notes = [
    message.broadcast ? 'also sent to the channel' : '',
    message.edits > 0 ? `edited ${message.edits === 1 ? 'once' : `${message.edits} times`}` : '',
    message.onlyVisibleTo ? `only visible to ${nameFor(message.onlyVisibleTo, reader)}` : '',
  ];
  const marks = notes.filter(Boolean).map((note) => `(${note})`);
  const label = labelOf ? [ink.dim(labelOf(message))] : [];
  return [
    ...label,
    ink.bold(author?.displayName ?? message.author),
    ink.dim([time, ...marks].join(' ')),
  ].join('  ');
}

function nameFor(id: string, { viewer, workspace }: Reader): string {
  return id === viewer ? 'you' : (workspace.findUser(id)?.name ?? id);
}

/** With blocks, Slack shows those and keeps the text for notifications. */
function renderContent(message: Message, reader: Reader, margin: number): string[] {
  const columns = reader.columns - margin;
  const numberOf = numbering(message, reader);
  const body =
    message.blocks.length > 0
      ? message.blocks.flatMap((block) => renderBlock(block, reader, columns, numberOf))
      : wrap(renderMrkdwn(message.text, reader), columns);
  const attached = message.attachments.flatMap((attachment) =>
    renderAttachment(attachment, reader, columns - 2, numberOf),
  );
  return [...(body.join('') ? body : []), ...attached];
}

function renderAttachment(
  { blocks = [], pretext, title, text, fallback }: types.MessageAttachment,
  reader: Reader,
  columns: number,
  numberOf: NumberButton,
): string[] {
  const words = [pretext, title, text].filter((part) => part !== undefined);
  const parts = blocks.length > 0 || words.length > 0 ? words : [fallback ?? ''];
  const lines = [
    ...parts.flatMap((part) => wrap(renderMrkdwn(part, reader), columns)),
    ...(blocks as readonly types.KnownBlock[]).flatMap((block) =>
      renderBlock(block, reader, columns, numberOf),
    ),
  ];
  return indent(lines, reader.ink.warn('▌ '));
}

function numbering(message: Message, { numberOf }: Reader): NumberButton {
  if (numberOf) return (button) => numberOf(message, button);
  const elements = buttonsOf(message).map(({ element }) => element);
  return ({ element }) => elements.indexOf(element) + 1;
}
