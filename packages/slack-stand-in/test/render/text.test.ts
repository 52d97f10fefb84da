import type { types } from '@slack/bolt';
import { describe, expect, test } from 'vitest';
import { createInk } from '../../src/render/ink.ts';
import { renderMrkdwn } from '../../src/render/render-mrkdwn.ts';
import { plainReader, renderConversation, renderMessage } from '../../src/render/text.ts';
import type { Message } from '../../src/server/message-store.ts';
import { createWorkspace } from '../../src/workspace.ts';

const workspace = createWorkspace();
const reader = plainReader(workspace, { columns: 60 });
/** 2026-03-04 14:02 UTC. */
const ts = '1772632920.000000';

function message(more: Partial<Message> = {}): Message {
  return {
    ts,
    channel: workspace.channel('ops').id,
    author: workspace.bot.id,
    text: 'hello',
    blocks: [],
    attachments: [],
    broadcast: false,
    edits: 0,
    reactions: [],
    ...more,
  };
}

function show(blocks: readonly types.KnownBlock[], columns = 60): string {
  return renderMessage(message({ blocks }), plainReader(workspace, { columns }));
}

describe('markup is read as Slack reads it', () => {
  test.each([
    [
      'people, groups and channels get their names',
      '<@U0ANA000000> <!subteam^S0ONCALL000> <#C0OPS000000|x>',
      '@ana @oncall #ops',
    ],
    ['a broadcast is a mention', '<!channel> <!here>', '@channel @here'],
    ['what was escaped stays text', '&lt;!channel&gt; &amp;lt;', '<!channel> &lt;'],
    ['a link shows where it goes', '<https://a.example/?a=1&amp;b|here>', 'here (https://a.example/?a=1&b)'],
    ['styles go, words stay', '*bold* _slanted_ ~gone~ `code`', 'bold slanted gone code'],
    ['stars inside words are stars', '2*3*4 snake_case_name', '2*3*4 snake_case_name'],
    ['nothing is styled in code', '`a *b* _c_`', 'a *b* _c_'],
    ['a date is told in the reader’s zone', '<!date^1772632920^{date_num} {time}|then>', '2026-03-04 14:02'],
    ['an unreadable date falls back', '<!date^soon^{time}|then>', 'then'],
  ])('%s', (_name, markup, expected) => {
    expect(renderMrkdwn(markup, reader)).toBe(expected);
  });
});

test('a table is drawn, aligned, and wrapped to the width of the terminal', () => {
  const rows = [
    ['agent', 'up', 'notes'],
    ['shop:dev', '3', 'waits for the build to end'],
  ].map((texts) => texts.map((text) => ({ type: 'raw_text' as const, text })));

  expect(show([{ type: 'table', column_settings: [{}, { align: 'right' }], rows }], 36)).toBe(`Muster  14:02
  ┌──────────┬────┬────────────────┐
  │ agent    │ up │ notes          │
  ├──────────┼────┼────────────────┤
  │ shop:dev │  3 │ waits for the  │
  │          │    │ build to end   │
  └──────────┴────┴────────────────┘`);
});

test('the tasks of a plan carry their marks and what came of them', () => {
  const output: types.RichTextBlock = {
    type: 'rich_text',
    elements: [
      { type: 'rich_text_section', elements: [{ type: 'text', text: 'TimedOutKilled <!channel>' }] },
    ],
  };
  const task = (task_id: string, status: types.TaskCardBlock['status']) =>
    ({ type: 'task_card', task_id, title: task_id, status }) as const;

  expect(
    show([
      {
        type: 'plan',
        title: 'Reload shop',
        tasks: [
          task('a', 'complete'),
          { ...task('b', 'error'), output },
          task('c', 'in_progress'),
          task('d', 'pending'),
        ],
      },
    ]),
  ).toBe(`Muster  14:02
  Reload shop
    ✓ a
    ✗ b
        TimedOutKilled <!channel>
    … c
    · d`);
});

test('buttons have numbers and the dangerous ones say so', () => {
  const button = (label: string, more: object = {}) => ({
    type: 'button' as const,
    text: { type: 'plain_text' as const, text: label },
    ...more,
  });

  expect(
    show([
      { type: 'header', text: { type: 'plain_text', text: 'Stop shop?' } },
      { type: 'section', text: { type: 'mrkdwn', text: '*Two* agents' }, accessory: button('Details') },
      { type: 'actions', elements: [button('Kill 2 agents', { style: 'danger' }), button('Cancel')] },
      { type: 'context', elements: [{ type: 'plain_text', text: 'on host a' }] },
    ]),
  ).toBe(`Muster  14:02
  Stop shop?
  Two agents
  [1] Details
  [2] Kill 2 agents (danger)   [3] Cancel
  on host a`);
});

test('a message tells who alone sees it, how often it was edited, and its replies stand under it', () => {
  const parent = message({ edits: 7 });
  const secret = message({ ts: '1772632921.000000', text: 'psst', onlyVisibleTo: workspace.person('bo').id });
  const reply = message({ ts: '1772632922.000000', text: 'done', threadTs: parent.ts });

  expect(renderConversation([parent, secret, reply], reader)).toBe(`Muster  14:02 (edited 7 times)
  hello
    Muster  14:02
      done
Muster  14:02 (only visible to bo)
  psst`);
});

test('an attachment is shown beside its bar', () => {
  const text = { type: 'mrkdwn' as const, text: 'killed' };

  expect(
    renderMessage(
      message({ text: '', attachments: [{ color: '#ff0000', blocks: [{ type: 'section', text }] }] }),
      reader,
    ),
  ).toBe('Muster  14:02\n  ▌ killed');
});

test('in colour the words are the same', () => {
  const coloured = renderMessage(message({ text: '*bold*' }), { ...reader, ink: createInk(true) });

  expect(coloured).toContain('\u001b[1mbold\u001b[22m');
  expect(coloured.replace(/\u001b\[\d+m/g, '')).toBe(renderMessage(message({ text: '*bold*' }), reader));
});

test('what an agent printed can’t command the terminal', () => {
  const shown = renderMessage(message({ text: 'a\u001b[2Jb\u202ec\nd' }), reader);

  expect(shown).toBe('Muster  14:02\n  a\ufffd[2Jb\ufffdc\n  d');
});
