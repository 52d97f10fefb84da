import { describe, expect, test } from 'vitest';
import { checkMessage, checkView } from '../../src/limits/check-message.ts';

const plain = (text: string) => ({ type: 'plain_text', text });
const mrkdwn = (text: string) => ({ type: 'mrkdwn', text });
const section = (text: string) => ({ type: 'section', text: mrkdwn(text) });
const button = (more: object = {}) => ({ type: 'button', text: plain('Reload'), ...more });
const actions = (...elements: object[]) => ({ type: 'actions', elements });
const cell = (text: string) => ({ type: 'raw_text', text });
const table = (...rows: object[][]) => ({ type: 'table', rows });
const task = (id: string, more: object = {}) => ({
  type: 'task_card',
  task_id: id,
  title: 'shop:dev',
  status: 'pending',
  ...more,
});
const plan = (...tasks: object[]) => ({ type: 'plan', title: 'Reload shop', tasks });
const dialog = (more: object = {}) => button({ confirm: { text: mrkdwn('Sure?'), ...more } });
const times = <T>(count: number, make: (index: number) => T) =>
  Array.from({ length: count }, (_, index) => make(index));
const long = (count: number) => 'x'.repeat(count);

function refusal(message: {
  text?: string;
  blocks?: unknown;
  attachments?: unknown;
  metadata?: unknown;
}): string {
  const found = checkMessage({ text: 'said', blocks: [], attachments: [], metadata: undefined, ...message });
  return [found?.error ?? 'accepted', ...((found?.details.errors as string[] | undefined) ?? [])].join(' ');
}

describe('Slack takes blocks that are just inside its limits', () => {
  test.each<[string, unknown[]]>([
    ['50 blocks', times(50, () => ({ type: 'divider' }))],
    ['3000 characters in a section', [section(long(3000))]],
    ['25 buttons', [actions(...times(25, (index) => button({ action_id: `a${index}` })))]],
    ['a table of 100 rows and 20 columns', [table(...times(100, () => times(20, () => cell('x'))))]],
    ['a plan of 50 tasks', [plan(...times(50, (index) => task(`t${index}`)))]],
    [
      'a button as long as it may be',
      [actions(button({ text: plain(long(75)), value: long(2000), style: 'danger' }))],
    ],
    [
      'a full dialog',
      [actions(dialog({ title: plain(long(100)), confirm: plain(long(30)), style: 'danger' }))],
    ],
    [
      'a number and rich text in a table',
      [
        table([
          { type: 'raw_number', value: 3, text: '3' },
          { type: 'rich_text', elements: [] },
        ]),
      ],
    ],
  ])('%s', (_name, blocks) => {
    expect(refusal({ blocks })).toBe('accepted');
  });
});

describe('Slack refuses blocks outside its limits and says where', () => {
  test.each<[string, unknown, string]>([
    [
      '51 blocks',
      times(51, () => ({ type: 'divider' })),
      'no more than 50 items allowed [json-pointer:/blocks]',
    ],
    ['an unknown block', [{ type: 'tabel' }], 'unsupported type: tabel [json-pointer:/blocks/0/type]'],
    [
      'a misspelt field',
      [{ ...section('x'), accesory: button() }],
      'invalid additional property: accesory [json-pointer:/blocks/0]',
    ],
    [
      'a block without its text',
      [{ type: 'header' }],
      'missing required field: text [json-pointer:/blocks/0]',
    ],
    ['an empty section', [{ type: 'section' }], 'missing required field: text [json-pointer:/blocks/0]'],
    [
      'section text',
      [section(long(3001))],
      'must be less than 3001 characters [json-pointer:/blocks/0/text/text]',
    ],
    ['no text at all', [section('')], 'must be more than 0 characters [json-pointer:/blocks/0/text/text]'],
    [
      '11 fields',
      [{ type: 'section', fields: times(11, () => mrkdwn('x')) }],
      'no more than 10 items allowed [json-pointer:/blocks/0/fields]',
    ],
    [
      'field text',
      [{ type: 'section', fields: [mrkdwn(long(2001))] }],
      'must be less than 2001 characters [json-pointer:/blocks/0/fields/0/text]',
    ],
    [
      'header text',
      [{ type: 'header', text: plain(long(151)) }],
      'must be less than 151 characters [json-pointer:/blocks/0/text/text]',
    ],
    [
      'mrkdwn in a header',
      [{ type: 'header', text: mrkdwn('x') }],
      'must be one of: plain_text [json-pointer:/blocks/0/text/type]',
    ],
    [
      '11 context elements',
      [{ type: 'context', elements: times(11, () => mrkdwn('x')) }],
      'no more than 10 items allowed [json-pointer:/blocks/0/elements]',
    ],
    [
      '26 buttons',
      [actions(...times(26, () => button()))],
      'no more than 25 items allowed [json-pointer:/blocks/0/elements]',
    ],
    ['no buttons', [actions()], 'no fewer than 1 items allowed [json-pointer:/blocks/0/elements]'],
    [
      'button text',
      [actions(button({ text: plain(long(76)) }))],
      'must be less than 76 characters [json-pointer:/blocks/0/elements/0/text/text]',
    ],
    [
      'button value',
      [actions(button({ value: long(2001) }))],
      'must be less than 2001 characters [json-pointer:/blocks/0/elements/0/value]',
    ],
    [
      'button style',
      [actions(button({ style: 'red' }))],
      'must be one of: primary, danger [json-pointer:/blocks/0/elements/0/style]',
    ],
    [
      'action_id',
      [actions(button({ action_id: long(256) }))],
      'must be less than 256 characters [json-pointer:/blocks/0/elements/0/action_id]',
    ],
    [
      'an action_id twice',
      [actions(button({ action_id: 'a' }), button({ action_id: 'a' }))],
      '"action_id" "a" already exists [json-pointer:/blocks/0/elements/1/action_id]',
    ],
    [
      'dialog title',
      [actions(dialog({ title: plain(long(101)) }))],
      'must be less than 101 characters [json-pointer:/blocks/0/elements/0/confirm/title/text]',
    ],
    [
      'dialog text',
      [actions(dialog({ text: mrkdwn(long(301)) }))],
      'must be less than 301 characters [json-pointer:/blocks/0/elements/0/confirm/text/text]',
    ],
    [
      'dialog confirm',
      [actions(dialog({ confirm: plain(long(31)) }))],
      'must be less than 31 characters [json-pointer:/blocks/0/elements/0/confirm/confirm/text]',
    ],
    [
      'a dialog on a number',
      [actions({ ...button(), confirm: 3 })],
      'must provide an object [json-pointer:/blocks/0/elements/0/confirm]',
    ],
    [
      'a block_id twice',
      [
        { type: 'divider', block_id: 'b' },
        { type: 'divider', block_id: 'b' },
      ],
      '"block_id" "b" already exists [json-pointer:/blocks/1/block_id]',
    ],
    [
      '101 rows',
      [table(...times(101, () => [cell('x')]))],
      'no more than 100 items allowed [json-pointer:/blocks/0/rows]',
    ],
    [
      '21 columns',
      [table(times(21, () => cell('x')))],
      'no more than 20 items allowed [json-pointer:/blocks/0/rows/0]',
    ],
    [
      'an empty cell',
      [table([cell('')])],
      'must be more than 0 characters [json-pointer:/blocks/0/rows/0/0/text]',
    ],
    [
      'uneven rows',
      [table([cell('a'), cell('b')], [cell('a')])],
      'all rows must have the same number of cells [json-pointer:/blocks/0/rows]',
    ],
    [
      '10,001 characters in a table',
      [table([cell(long(5000)), cell(long(5001))])],
      'a table must have no more than 10000 characters [json-pointer:/blocks]',
    ],
    [
      'a status word',
      [plan(task('a', { status: 'completed' }))],
      'must be one of: pending, in_progress, complete, error [json-pointer:/blocks/0/tasks/0/status]',
    ],
    [
      '51 tasks',
      [plan(...times(51, (index) => task(`t${index}`)))],
      'no more than 50 items allowed [json-pointer:/blocks/0/tasks]',
    ],
    ['a task_id twice', [plan(task('a'), task('a'))], '"task_id" "a" already exists [json-pointer:/blocks]'],
    ['two plans', [plan(), plan()], 'only one plan block allowed [json-pointer:/blocks]'],
    [
      'an alert',
      [{ type: 'alert', text: mrkdwn('x') }],
      'unsupported type: alert [json-pointer:/blocks/0/type]',
    ],
    [
      'markdown in two blocks',
      times(2, () => ({ type: 'markdown', text: long(6001) })),
      'markdown blocks must have no more than 12000 characters together [json-pointer:/blocks]',
    ],
    [
      'a text link in raw text',
      [table([{ ...cell('x'), url: 'https://a.example' }])],
      'invalid additional property: url [json-pointer:/blocks/0/rows/0/0]',
    ],
  ])('%s', (_name, blocks, place) => {
    expect(refusal({ blocks })).toBe(`invalid_blocks ${place}`);
  });
});

describe('Slack refuses a message for what it is as a whole', () => {
  test.each<[string, Parameters<typeof refusal>[0], string]>([
    ['nothing in it', { text: '' }, 'no_text'],
    ['blocks that are no list', { blocks: {} }, 'invalid_blocks_format'],
    ['12,001 characters of blocks', { blocks: times(5, () => section(long(2401))) }, 'msg_blocks_too_long'],
    [
      'two tables',
      { blocks: [table([cell('a')]), table([cell('a')])] },
      'invalid_attachments only_one_table_allowed [json-pointer:/blocks]',
    ],
    [
      'a table in blocks and one in an attachment',
      { blocks: [table([cell('a')])], attachments: [{ blocks: [table([cell('a')])] }] },
      'invalid_attachments only_one_table_allowed [json-pointer:/blocks]',
    ],
    [
      'an attachment with a misspelt field',
      { attachments: [{ colour: '#ff0000' }] },
      'invalid_attachments invalid additional property: colour [json-pointer:/attachments/0]',
    ],
    [
      'metadata two levels deep',
      { metadata: { event_type: 'a', event_payload: { b: { c: { d: 1 } } } } },
      'invalid_metadata_format',
    ],
    ['metadata without a payload', { metadata: { event_type: 'a' } }, 'invalid_metadata_format'],
  ])('%s', (_name, message, expected) => {
    expect(refusal(message)).toBe(expected);
  });
});

describe('Slack refuses views outside their limits', () => {
  const modal = (more: object = {}) => ({ type: 'modal', title: plain('Reload'), blocks: [], ...more });
  const input = { type: 'input', label: plain('Why'), element: { type: 'plain_text_input' } };

  test.each<[string, object, 'modal' | 'home', string]>([
    [
      'a long title',
      modal({ title: plain(long(25)) }),
      'modal',
      'must be less than 25 characters [json-pointer:/view/title/text]',
    ],
    [
      'private_metadata',
      modal({ private_metadata: long(3001) }),
      'modal',
      'must be less than 3001 characters [json-pointer:/view/private_metadata]',
    ],
    [
      'an input and no way to submit it',
      modal({ blocks: [input] }),
      'modal',
      'missing required field: submit [json-pointer:/view]',
    ],
    [
      'a table in a modal',
      modal({ blocks: [table([cell('a')])] }),
      'modal',
      'unsupported type: table [json-pointer:/view/blocks/0/type]',
    ],
    [
      'a plan on a Home tab',
      { type: 'home', blocks: [plan()] },
      'home',
      'unsupported type: plan [json-pointer:/view/blocks/0/type]',
    ],
    [
      '101 blocks',
      { type: 'home', blocks: times(101, () => ({ type: 'divider' })) },
      'home',
      'no more than 100 items allowed [json-pointer:/view/blocks]',
    ],
  ])('%s', (_name, view, surface, place) => {
    expect(checkView(view, surface)).toMatchObject({
      error: 'invalid_arguments',
      details: { errors: [place] },
    });
  });

  test('a view of more than 250 kB', () => {
    expect(checkView({ type: 'home', blocks: [], private_metadata: long(250_001) }, 'home')?.error).toBe(
      'view_too_large',
    );
  });
});
