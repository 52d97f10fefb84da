import type { types } from '@slack/bolt';
import { describe, expect, test } from 'vitest';
import { messageHtml } from '../../src/render/html/html-message.ts';
import { mrkdwnHtml, plainTextHtml } from '../../src/render/html/html-mrkdwn.ts';
import type { HtmlReader } from '../../src/render/html/html-reader.ts';
import { modalHtml } from '../../src/render/html/html-view.ts';
import type { Message } from '../../src/server/message-store.ts';
import { createWorkspace } from '../../src/workspace.ts';

const workspace = createWorkspace();
const reader: HtmlReader = { workspace, timeZone: 'UTC', viewer: workspace.person('ana').id };

/** 2026-03-04 14:02 UTC. */
const ts = '1772632920.000000';

function message(more: Partial<Message>): string {
  const whole: Message = {
    ts,
    channel: workspace.channel('ops').id,
    author: workspace.bot.id,
    text: '',
    blocks: [],
    attachments: [],
    broadcast: false,
    edits: 0,
    reactions: [],
    ...more,
  };
  return messageHtml(whole, reader).markup;
}

const block = (given: types.KnownBlock) => message({ blocks: [given] });
const plain = (text: string) => ({ type: 'plain_text', text }) as const;

describe('markup is shown as Slack shows it', () => {
  test.each([
    ['a person', '<@U0BO0000000>', '<span class="mention">@bo</span>'],
    ['oneself', '<@U0ANA000000>', '<span class="mention mention-me">@ana</span>'],
    [
      'a channel',
      '<#C0ALERTS000>',
      '<button type="button" class="mention" data-channel="C0ALERTS000">#alerts</button>',
    ],
    ['a group', '<!subteam^S0ONCALL000>', '<span class="mention">@oncall</span>'],
    ['everybody', '<!here>', '<span class="mention mention-me">@here</span>'],
    ['bold, slanted and gone', '*a* _b_ ~c~', '<b>a</b> <i>b</i> <s>c</s>'],
    ['code, in which nothing is styled', '`a *b*`', '<code>a *b*</code>'],
    ['several lines of code', '```a\n*b*```', '<pre>a\n*b*</pre>'],
    ['stars inside words', '2*3*4', '2*3*4'],
    ['an emoji', ':skull:', '<span class="emoji" title=":skull:">💀</span>'],
    [
      'an emoji that is not known here',
      ':our_own:',
      '<span class="emoji" title=":our_own:">:our_own:</span>',
    ],
    ['what was escaped', '&lt;!channel&gt; &amp;amp;', '&lt;!channel&gt; &amp;amp;'],
    ['a tag', '<b>x</b>', 'b'],
    ['a quotation', '&gt; so\n&gt; it goes', '<blockquote>so\nit goes</blockquote>'],
  ])('%s', (_name, markup, expected) => {
    expect(mrkdwnHtml(markup, reader).markup).toContain(expected);
  });

  test('a date is told in the reader’s own zone, with the whole of it to be had', () => {
    const markup = '<!date^1772632920^{date_num} {time}|then>';
    const tokyo = mrkdwnHtml(markup, { ...reader, timeZone: 'Asia/Tokyo' }).markup;

    expect(mrkdwnHtml(markup, reader).markup).toContain('>2026-03-04 14:02</time>');
    expect(tokyo).toContain('>2026-03-04 23:02</time>');
    expect(tokyo).toContain('title="Wednesday, March 4, 2026 at 23:02:00 (Asia/Tokyo)"');
  });

  test('links lead to pages and mails only, and an address alone is one unless the text is verbatim', () => {
    const link = '<a href="https://a.example/?x=1&amp;y" target="_blank" rel="noopener noreferrer">here</a>';

    expect(mrkdwnHtml('<https://a.example/?x=1&amp;y|here>', reader).markup).toContain(link);
    expect(mrkdwnHtml('<javascript:alert(1)|here>', reader).markup).not.toContain('<a');
    expect(mrkdwnHtml('see https://a.example.', reader).markup).toContain('>https://a.example</a>.');
    expect(mrkdwnHtml('see https://a.example', reader, { verbatim: true }).markup).not.toContain('<a');
  });

  test('plain text stays plain, but for its emoji', () => {
    expect(plainTextHtml('*a* <@U0ANA000000> :x:').markup).toBe(
      '*a* &lt;@U0ANA000000&gt; <span class="emoji" title=":x:">❌</span>',
    );
  });

  test('what would turn the reading direction or draw nothing is shown as such', () => {
    expect(plainTextHtml('a\u202eb\u0007c').markup).toBe('a\ufffdb\ufffdc');
  });
});

describe('nothing from outside becomes markup of the page', () => {
  const evil = '"><img src=x onerror=alert(1)>\'';
  const rich = {
    type: 'rich_text',
    elements: [
      { type: 'rich_text_section', elements: [{ type: 'text', text: evil }] },
      { type: 'rich_text_preformatted', elements: [{ type: 'text', text: evil }] },
      { type: 'rich_text_section', elements: [{ type: 'color', value: evil }] },
    ],
  } satisfies types.RichTextBlock;
  const button: types.Button = {
    type: 'button',
    text: plain(evil),
    action_id: evil,
    value: evil,
    url: `https://a.example/${evil}`,
    accessibility_label: evil,
    confirm: { title: plain(evil), text: plain(evil), confirm: plain(evil), deny: plain(evil) },
  };
  const blocks: types.KnownBlock[] = [
    { type: 'section', block_id: evil, text: plain(evil), fields: [plain(evil)], accessory: button },
    { type: 'header', text: plain(evil) },
    { type: 'context', elements: [plain(evil), { type: 'image', image_url: evil, alt_text: evil }] },
    { type: 'actions', elements: [button] },
    rich,
    { type: 'table', rows: [[{ type: 'raw_text', text: evil }, rich]] },
    {
      type: 'plan',
      title: evil,
      tasks: [
        {
          ...{ type: 'task_card', task_id: evil, title: evil, status: 'error', details: rich },
          sources: [{ type: 'url', url: evil, text: evil }],
        },
      ],
    },
    { type: 'alert', text: plain(evil) },
    { type: 'markdown', text: evil },
    { type: 'image', image_url: evil, alt_text: evil, title: plain(evil) },
    {
      type: 'input',
      block_id: evil,
      label: plain(evil),
      hint: plain(evil),
      element: { type: 'plain_text_input', initial_value: evil },
    },
  ];

  test.each(blocks.map((given) => [given.type, given] as const))('in a %s', (_type, given) => {
    const markup = block(given);

    expect(markup).toContain('onerror');
    expect(markup).not.toContain('<img');
    expect(markup.replace(/"[^"]*"/g, '')).not.toMatch(/<[^>]*onerror/);
  });

  test('in a text, an attachment, a reaction and a modal', () => {
    const attachment = { title: evil, text: evil, color: evil };
    const reactions = [{ name: evil, by: evil }];

    for (const markup of [
      message({ text: evil, attachments: [attachment], reactions, author: evil }),
      modalHtml({ type: 'modal', title: plain(evil), close: plain(evil), blocks }, reader).markup,
    ])
      expect(markup).not.toContain('<img');
  });
});

test('a message says who, when, that it was edited, and who alone sees it', () => {
  const markup = message({ text: 'x', edits: 2, onlyVisibleTo: reader.viewer });

  expect(markup).toContain('<b>Muster</b><span class="badge">APP</span>');
  expect(markup).toContain('>14:02</time>');
  expect(markup).toContain('(edited)');
  expect(markup).toContain('Only visible to you');
});

test('with blocks a message shows those, and keeps its text for notifications', () => {
  const markup = message({ text: 'for the phone', blocks: [{ type: 'header', text: plain('Title') }] });

  expect(markup).toContain('<h3>Title</h3>');
  expect(markup).not.toContain('for the phone');
});

test('a table has a header row, aligned cells, and scrolls by itself', () => {
  const rows = [['agent', 'up'].map((text) => ({ type: 'raw_text' as const, text }))];
  const markup = block({
    type: 'table',
    rows: [...rows, ...rows],
    column_settings: [{}, { align: 'right' }],
  });

  expect(markup).toContain('<thead><tr><th scope="col" class="align-left">agent</th>');
  expect(markup).toContain('<td class="align-right">up</td>');
  expect(markup).toContain('tabindex="0" role="region"');
});

test('a button carries what the app is told, and its dialog in the words Slack would use', () => {
  const markup = block({
    type: 'actions',
    elements: [
      {
        ...{ type: 'button', text: plain('Kill'), action_id: 'kill', value: 'O-1', style: 'danger' },
        confirm: { text: { type: 'mrkdwn', text: 'Kill *pay*?' } } as types.ConfirmationDialog,
      },
    ],
  });

  expect(markup).toContain('class="button button-danger" data-action="kill" data-value="O-1"');
  expect(markup).toContain('<h2>Are you sure?</h2>');
  expect(markup).toContain('Kill <b>pay</b>?');
  expect(markup).toMatch(/value="deny">No<.*value="accept">Yes</);
});
