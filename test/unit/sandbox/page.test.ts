import { request } from 'node:http';
import { expect, test } from 'vitest';
import { startPageUnderTest } from './page-under-test.ts';

/** What one person is sent, event by event. */
async function* eventsOf(origin: string, person: string): AsyncGenerator<{ event: string; data: unknown }> {
  const { body } = await fetch(`${origin}/page/events?as=${person}`);
  let rest = '';
  for await (const chunk of body ?? []) {
    const events = (rest + Buffer.from(chunk).toString()).split('\n\n');
    rest = events.pop() ?? '';
    for (const event of events) {
      const [, name = '', data = ''] = /^event: (\w+)\ndata: (.*)$/.exec(event) ?? [];
      yield { event: name, data: JSON.parse(data) };
    }
  }
}

async function next(events: AsyncGenerator<{ event: string; data: unknown }>, wanted: string) {
  for (;;) {
    const { value, done } = await events.next();
    if (done) throw new Error(`the stream ended before ${wanted}`);
    if (value.event === wanted) return value.data;
  }
}

test('the page is served with a policy that lets in nothing from elsewhere, and nothing inline', async () => {
  await using page = await startPageUnderTest();

  const response = await fetch(page.origin);
  const html = await response.text();

  expect(response.headers.get('content-security-policy')).toMatch(
    /default-src 'none'; script-src 'self'; style-src 'self'; .*frame-ancestors 'none'/,
  );
  expect(html).not.toMatch(/<script>|\sstyle=|\son\w+=|https?:/);
  for (const [, file] of html.matchAll(/(?:src|href)="(\/page\/[^"]+)"/g))
    expect((await fetch(page.origin + file)).status, file).toBe(200);
});

test('no secret is in what the page is sent', async () => {
  await using page = await startPageUnderTest();
  const events = eventsOf(page.origin, 'ana');

  const everything = JSON.stringify(await next(events, 'workspace'));

  expect(everything).not.toContain(page.slack.botToken);
  expect(everything).not.toContain(page.slack.appToken);
  expect(everything).not.toMatch(/xox|xapp/);
  await events.return(undefined);
});

test.each([
  ['another host name', '/', { host: 'evil.example' }, 403],
  ['another page', '/', { origin: 'https://evil.example' }, 403],
  ['another port of this machine', '/page/events?as=ana', { origin: 'http://127.0.0.1:1' }, 403],
  ['a sandboxed frame', '/page/events?as=ana', { origin: 'null' }, 403],
  ['a path out of the directory', '/page/../start.ts', {}, 404],
  ['a person that is not there', '/page/events?as=mallory', {}, 404],
  ['the bot’s own stream', '/page/events?as=muster', {}, 404],
])('a request for %s is refused', async (_name, path, headers, status) => {
  await using page = await startPageUnderTest();

  const answered = await new Promise((resolve, reject) => {
    request(page.origin, { path, headers }, (response) => {
      resolve(response.statusCode);
      response.destroy();
    })
      .on('error', reject)
      .end();
  });

  expect(answered).toBe(status);
});

test.each([
  ['from another page', { origin: 'https://evil.example' }],
  ['from no page', { origin: null }],
  ['in the shape of a form', { 'content-type': 'text/plain' }],
])('a deed %s is not done', async (_name, headers) => {
  await using page = await startPageUnderTest();

  const response = await page.deed('misbehave', { agent: 'shop:pay', how: 'kill' }, headers);

  expect(response.status).toBe(403);
  expect(page.asked).toEqual([]);
});

test.each([
  ['slash', { as: 'muster', channel: 'C0OPS000000', text: '/team' }, 'nobody'],
  ['slash', { as: 'ana', channel: 'nowhere', text: '/team' }, 'no such channel'],
  ['misbehave', { agent: 'shop:pay', how: 'sing' }, 'how'],
  ['press', { as: 'ana', ts: '1.2', action: 'kill' }, 'there is no message 1.2'],
])('%s with %j is refused in words', async (name, body, expected) => {
  await using page = await startPageUnderTest();

  const response = await page.deed(name, body);

  expect(response.status).toBe(409);
  expect(((await response.json()) as { error: string }).error).toContain(expected);
});

test('deeds on the host reach it', async () => {
  await using page = await startPageUnderTest();

  await page.deed('misbehave', { agent: 'shop:pay', how: 'crash' });
  await page.deed('model', { agent: 'shop:pay', model: 'stub-polite' });

  expect(page.asked).toEqual([
    ['shop:pay', 'crash'],
    ['shop:pay', 'stub-polite'],
  ]);
});

test('a page sees what its person sees: new messages, edits, and nobody else’s ephemerals', async () => {
  await using page = await startPageUnderTest((app) =>
    app.command('/team', async ({ ack, client, command }) => {
      await ack(`a whisper to ${command.user_name}`);
      const channel = command.channel_id;
      const { ts = '' } = await client.chat.postMessage({ channel, text: 'working' });
      await client.chat.update({ channel, ts, text: 'done' });
    }),
  );
  const ana = eventsOf(page.origin, 'ana');
  const bo = eventsOf(page.origin, 'bo');
  await next(ana, 'workspace');
  await next(bo, 'workspace');

  await page.deed('slash', { as: 'bo', channel: 'C0OPS000000', text: '/team' });
  const seenByAna = [await next(ana, 'message'), await next(ana, 'message')].map((data) =>
    JSON.stringify(data),
  );
  const seenByBo = [await next(bo, 'message'), await next(bo, 'message')].map((data) => JSON.stringify(data));

  expect(seenByAna[0]).toContain('working');
  expect(seenByAna[1]).toContain('done');
  expect(seenByBo.join()).toContain('a whisper to bo');
  expect(seenByBo.join()).toContain('Only visible to you');
  await Promise.all([ana.return(undefined), bo.return(undefined)]);
});

test('what a person says is seen by all, in a thread if it was said there, and nobody is mentioned by accident', async () => {
  await using page = await startPageUnderTest();
  const first = page.slack.say('ana', 'ops', 'hello <!channel> @bo');

  await page.deed('say', { as: 'bo', channel: 'C0OPS000000', text: 'hi', thread: first.ts });

  expect(first.text).toBe('hello &lt;!channel&gt; <@U0BO0000000|bo>');
  expect(page.slack.thread(first.ts, 'eve').map(({ text }) => text)).toEqual([first.text, 'hi']);
});
