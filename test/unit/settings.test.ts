import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { describeSettingComplaint, readSettings, settingNames } from '../../src/settings.ts';

const good = {
  SLACK_BOT_TOKEN: 'xoxb-1-abc',
  SLACK_APP_TOKEN: 'xapp-1-abc',
  SLACK_CHANNELS: 'C0123ABCD, G0456EFGH',
  SLACK_ALERT_CHANNEL: 'C0123ABCD',
};

function complaintsFor(env: Record<string, string | undefined>): readonly string[] {
  const read = readSettings({ ...good, ...env });
  return read.kind === 'refused' ? read.complaints.map(describeSettingComplaint) : [];
}

describe('settings', () => {
  test('are read, with defaults for what is left out', () => {
    expect(readSettings(good)).toEqual({
      kind: 'read',
      settings: {
        ...good,
        SLACK_CHANNELS: ['C0123ABCD', 'G0456EFGH'],
        SLACK_OPERATORS: [],
        SLACK_CONFIRM: 'requester',
        MUSTER_KEEP_DAYS: 90,
        SLACK_ALERT_LINES: 15,
        SLACK_SILENCE_ALERT: 'on',
        LOG_LEVEL: 'info',
        SLACK_API_URL: 'https://slack.com/api/',
      },
    });
  });

  test('the lines of an alert are a number', () => {
    const read = readSettings({ ...good, SLACK_ALERT_LINES: '7' });

    expect(read.kind === 'read' && read.settings.SLACK_ALERT_LINES).toBe(7);
  });

  test('all complaints come at once', () => {
    const read = readSettings({ SLACK_OPERATORS: 'ana', LOG_LEVEL: 'loud' });

    expect(read.kind === 'refused' && read.complaints.map(({ name }) => name)).toEqual([
      'SLACK_BOT_TOKEN',
      'SLACK_APP_TOKEN',
      'SLACK_CHANNELS',
      'SLACK_ALERT_CHANNEL',
      'SLACK_OPERATORS',
      'LOG_LEVEL',
    ]);
  });

  test('a complaint says what was found, what it must be, and where to get it', () => {
    expect(complaintsFor({ SLACK_ALERT_CHANNEL: 'alerts' })).toEqual([
      'SLACK_ALERT_CHANNEL is "alerts"; it must be one channel id, such as C0123ABCD. Where to get it: the end of a channel\'s About tab in Slack.',
    ]);
    expect(complaintsFor({ SLACK_APP_TOKEN: '  ' })[0]).toMatch(/^SLACK_APP_TOKEN is missing; it must be /);
  });

  test.each([
    ['a wrong bot token', { SLACK_BOT_TOKEN: 'hunter2hunter2' }],
    ['an app token where the bot token belongs', { SLACK_BOT_TOKEN: 'xapp-hunter2hunter2' }],
    ['a token in a variable that is no secret', { SLACK_CHANNELS: 'xoxb-hunter2hunter2' }],
    ['a token among operators', { SLACK_OPERATORS: 'U0123ABCD,xapp-1-hunter2hunter2' }],
    ['a password in an address', { SLACK_API_URL: 'https://me:hunter2hunter2@slack.com/api/' }],
  ])('the value of %s is never shown', (_name, env) => {
    expect(complaintsFor(env)).toEqual([expect.not.stringContaining('hunter2')]);
  });

  test.each([
    ['SLACK_CHANNELS', ','],
    ['SLACK_CHANNELS', '#ops'],
    ['SLACK_CHANNELS', 'U0123ABCD'],
    ['SLACK_OPERATORS', '@ana'],
    ['SLACK_OPERATORS', 'C0123ABCD'],
    ['SLACK_VIEWERS', 'everybody'],
    ['SLACK_CONFIRM', 'nobody'],
    ['SLACK_ALERT_LINES', '51'],
    ['SLACK_ALERT_LINES', '-1'],
    ['SLACK_ALERT_LINES', '1.5'],
    ['SLACK_ALERT_LINES', 'all'],
    ['SLACK_SILENCE_ALERT', 'maybe'],
    ['MUSTER_STATE_DIR', 'state/muster'],
    ['MUSTER_KEEP_DAYS', '0'],
    ['MUSTER_KEEP_DAYS', '3651'],
    ['MUSTER_KEEP_DAYS', '90d'],
    ['TMUX_SOCKET', 'tmux'],
    ['TMUX_SOCKET', '/run/muster-agents/tmux,0,0'],
    ['LOG_LEVEL', 'INFO'],
    ['SLACK_API_URL', 'https://slack.com.evil.example/api/'],
    ['SLACK_API_URL', 'http://slack.com/api/'],
    ['SLACK_API_URL', 'http://127.0.0.1.evil.example/'],
    ['SLACK_API_URL', 'http://10.0.0.1/api/'],
    ['SLACK_API_URL', 'not a url'],
  ])('%s=%s is refused', (name, value) => {
    expect(complaintsFor({ [name]: value })).toHaveLength(1);
  });

  test.each([
    ['SLACK_OPERATORS', 'U0123ABCD W0456EFGH\nS0789IJKL'],
    ['SLACK_VIEWERS', 'S0789IJKL'],
    ['SLACK_CONFIRM', 'second-person'],
    ['SLACK_ALERT_LINES', '0'],
    ['SLACK_ALERT_LINES', '50'],
    ['MUSTER_STATE_DIR', '/var/lib/muster'],
    ['MUSTER_KEEP_DAYS', '1'],
    ['MUSTER_KEEP_DAYS', '3650'],
    ['TMUX_SOCKET', '/run/muster-agents/tmux'],
    ['SLACK_API_URL', 'http://127.0.0.1:4000/api/'],
    ['SLACK_API_URL', 'http://[::1]:4000/api/'],
    ['SLACK_API_URL', 'https://slack-gov.com/api/'],
  ])('%s=%s is taken', (name, value) => {
    expect(complaintsFor({ [name]: value })).toEqual([]);
  });

  test('.env.example lists exactly the settings', () => {
    const example = readFileSync(new URL('../../.env.example', import.meta.url), 'utf8');
    const names = [...example.matchAll(/^#?([A-Z_]+)=/gm)].map(([, name]) => name);

    expect(names.sort()).toEqual([...settingNames].sort());
  });

  test('.env.example, copied and not filled in, is refused', () => {
    const example = readFileSync(new URL('../../.env.example', import.meta.url), 'utf8');
    const env = Object.fromEntries(
      [...example.matchAll(/^([A-Z_]+)=(.*)$/gm)].map(([, name, value]) => [name, value]),
    );

    expect(readSettings(env).kind).toBe('refused');
  });
});
