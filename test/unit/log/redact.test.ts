import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createLog, type LogLevel } from '../../../src/log/log.ts';
import { createRedact, redactDeep } from '../../../src/log/redact.ts';
import { escaped } from '../../../src/slack/markup/mrkdwn.ts';

const secret = 'hunter2_secret-value';
const redact = createRedact([secret, 'short', '']);

describe('redaction', () => {
  test('takes out known values, wherever they stand', () => {
    expect(redact(`a=${secret}, again:${secret}!`)).toBe('a=[redacted], again:[redacted]!');
  });

  test.each([9, 16, 29])('takes out what a cut left of a known value: its first %i letters', (length) => {
    const secret = 'correct-horse-battery-staple-7';

    const clean = createRedact([secret])(`key=${secret.slice(0, length)}…`);

    expect(clean).toBe('key=[redacted]');
  });

  test('leaves a text alone that only begins like a known value', () => {
    expect(createRedact(['correct-horse-battery'])('correct-horse-shoe…')).toBe('correct-horse-shoe…');
  });

  test('leaves short values alone: they would garble everything', () => {
    expect(redact('a short word')).toBe('a short word');
  });

  test('takes the longer of two values that begin alike', () => {
    expect(createRedact(['abcdef', 'abcdefghi'])('abcdefghi')).toBe('[redacted]');
  });

  test.each([
    ['a bot token', `xoxb-${'1'.repeat(12)}-abc`],
    ['an app token', `xapp-1-A0-${'1'.repeat(12)}`],
    ['an incoming webhook', 'https://hooks.slack.com/services/T0/B0/xyz'],
    ['a socket ticket', 'wss://wss.slack.com/link/?ticket=abc&app_id=A1'],
    ['an Anthropic key', `sk-ant-api03-${'a'.repeat(20)}`],
    ['a GitHub token', `ghp_${'a'.repeat(36)}`],
    ['a fine-grained GitHub token', `github_pat_${'a'.repeat(40)}`],
    ['an AWS key id', 'AKIAABCDEFGHIJKLMNOP'],
    ['an npm token', `npm_${'a'.repeat(36)}`],
    ['a GitLab token', `glpat-${'a'.repeat(20)}`],
    ['a Hugging Face token', `hf_${'a'.repeat(34)}`],
    ['a Stripe key', `sk_live_${'a'.repeat(24)}`],
    ['a restricted Stripe key', `rk_test_${'a'.repeat(24)}`],
    ['a Google key', `AIza${'b'.repeat(35)}`],
    ['a JSON web token', 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJl'],
    ['a private key', '-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----'],
    ['a private key whose end is cut off', '-----BEGIN PRIVATE KEY-----\nMIIE'],
  ])('knows the shape of %s', (_name, token) => {
    expect(redact(`before ${token}`)).toBe('before [redacted]');
  });

  test.each(['shop:pay', 'sk-short', 'a xoxo-hug', 'https://slack.com/api/', 'PRIVATE KEY'])(
    'leaves %j alone',
    (text) => {
      expect(redact(text)).toBe(text);
    },
  );

  test('finds secrets in text that was escaped for Slack', () => {
    const tricky = 'p&ss_w*rd<1>';

    expect(redact(`*bold* ${escaped(`${secret} ghp_${'a'.repeat(36)}`)} _it_`)).toBe(
      '*bold* [redacted] [redacted] _it_',
    );
    expect(createRedact([tricky])(escaped(`a ${tricky} b`))).toBe('a [redacted] b');
  });

  test('takes out what stands behind Bearer, and no words', () => {
    expect(redact('Authorization: Bearer abc.DEF-123_456~7+8/9==')).toBe('Authorization: Bearer [redacted]');
    expect(redact('a bearer authentication-scheme')).toBe('a bearer authentication-scheme');
  });

  const serviceAccount = JSON.stringify({
    type: 'service_account',
    private_key: `-----BEGIN PRIVATE KEY-----\n${'MIIEvQIBADANBgkq'.repeat(150)}\n-----END PRIVATE KEY-----\n`,
    client_email: 'agents@example.iam.gserviceaccount.com',
  });

  test.each([
    ['3,000 characters', letters(3000)],
    ['3,200 characters', letters(3200)],
    ['100,000 characters', letters(100_000)],
    ['a service account as JSON', serviceAccount],
    ['a service account as JSON of many lines', JSON.stringify(JSON.parse(serviceAccount), null, 2)],
  ])('takes out a known value of %s, and what a cut left of it', (_name, long) => {
    const redact = createRedact([long]);

    expect(redact(`a=${long}!`)).toBe('a=[redacted]!');
    expect(redact(`a=${long.slice(0, long.length / 2)}…`)).toBe('a=[redacted]');
  });

  test('takes out the beginning of a long value, whatever comes behind it', () => {
    const long = letters(3000);

    expect(createRedact([long])(`a=${long.slice(0, 1000)}!`)).toBe('a=[redacted]!');
  });

  test('reads a text once, however much of it looks like the beginning of a value', () => {
    const redact = createRedact([`${'a'.repeat(100_000)}b`]);

    expect(redact('a'.repeat(500_000))).toBe('[redacted]');
  });

  test.each(['wss://', '-eyJaaaaaaaaaa', 'https://u:', '-----BEGIN ', 'Bearer '])(
    'reads a text once, however often %j begins in it',
    (begin) => {
      const text = begin.repeat(60_000);

      expect(redact(`${text} ${secret}`)).toBe(`${text} [redacted]`);
    },
  );

  test.each([
    ['broken over lines by a screen', 'hunter2_se\ncret-\r\nvalue'],
    ['with a soft hyphen in it', 'hunter2_\u00adsecret-value'],
    ['with a variation selector in it', 'hunter2_secret\ufe0f-value'],
    ['with a zero-width space in it', 'hunter2_\u200bsecret-value'],
  ])('takes out a known value %s', (_how, written) => {
    expect(redact(`a=${written}!`)).toBe('a=[redacted]!');
  });

  test('takes out a known value that is escaped as in JSON or in a URL', () => {
    const tricky = 'p/ss"w rd\\1';
    const redact = createRedact([tricky]);

    expect(redact(JSON.stringify({ a: tricky }))).toBe('{"a":"[redacted]"}');
    expect(redact(`?a=${encodeURIComponent(tricky)}&b`)).toBe('?a=[redacted]&b');
  });

  test('takes out all of two known values that overlap', () => {
    expect(createRedact(['abcdefgh', 'efghijklm'])('-abcdefghijklm-')).toBe('-[redacted]-');
  });

  test('leaves no known value in any escaped text', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (before, after) => {
        const shown = redact(escaped(`${before}${secret}${after}`)).replaceAll('\u2060', '');

        expect(shown).not.toContain(secret);
      }),
    );
  });

  test('reaches every text of a payload and nothing else', () => {
    const payload = {
      text: secret,
      blocks: [{ n: 1, ok: true, none: null, deep: [{ text: `x ${secret}` }] }],
    };

    expect(redactDeep(payload, redact)).toEqual({
      text: '[redacted]',
      blocks: [{ n: 1, ok: true, none: null, deep: [{ text: 'x [redacted]' }] }],
    });
  });

  test('leaves a payload one that Slack takes, whatever people call secret', () => {
    const button = {
      type: 'button',
      style: 'danger',
      action_id: 'danger',
      text: { type: 'plain_text', text: 'danger' },
    };

    expect(redactDeep(button, createRedact(['danger', 'button', 'plain_text']))).toEqual({
      ...button,
      text: { type: 'plain_text', text: '[redacted]' },
    });
  });

  test.each([
    'postgres://app:s3cret!pw@db/shop',
    'https://:s3cret!pw@host/x',
    'redis+tls://u:s3cret!pw@[::1]',
  ])('knows the password in %s', (url) => {
    expect(redact(`at ${url}`)).toBe(`at ${url.replace('s3cret!pw', '[redacted]')}`);
  });
});

/** No two parts of it are alike. */
function letters(length: number): string {
  return Array.from({ length }, (_, at) => String.fromCharCode(97 + ((at * at + (at >> 5)) % 26))).join('');
}

describe('the log', () => {
  function logged(level: LogLevel = 'debug') {
    const lines: string[] = [];
    const log = createLog({ level, redact, write: (line) => lines.push(line) });
    return { log, lines };
  }

  test('writes time, level, message and data on one line', () => {
    const { log, lines } = logged();

    log.warn('refused', { person: 'U1', tookMs: 3, missing: undefined });

    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z WARN refused person="U1" tookMs=3\n$/);
  });

  test('stays on one line whatever the data hold, and sends no command to a terminal', () => {
    const { log, lines } = logged();

    log.error('not done', { error: 'a\nb\r\nc\u2028d\u0085e\u001b[31m\u009b31m' });

    expect(lines[0]?.slice(0, -1)).not.toMatch(/[\p{Cc}\u2028\u2029]/u);
  });

  test('holds no secret, also where quoting would change its looks', () => {
    const lines: string[] = [];
    const quoted = 'pass"word\\1';
    const log = createLog({
      level: 'info',
      redact: createRedact([quoted]),
      write: (line) => lines.push(line),
    });

    log.info('said', { error: `${quoted} is wrong` });

    expect(lines[0]).toContain('error="[redacted] is wrong"');
  });

  test.each([
    ['debug', ['DEBUG', 'INFO', 'WARN', 'ERROR']],
    ['info', ['INFO', 'WARN', 'ERROR']],
    ['error', ['ERROR']],
  ] as const)('at level %s', (level, expected) => {
    const { log, lines } = logged(level);

    log.debug('x');
    log.info('x');
    log.warn('x');
    log.error('x');

    expect(lines.map((line) => line.split(' ')[1])).toEqual(expected);
  });
});
