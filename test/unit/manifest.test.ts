import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { summaryIn, usageIn } from '../../src/language/verb.ts';
import { verbsIn } from '../../src/language/verbs.ts';

const manifest = JSON.parse(readFileSync(new URL('../../manifest.json', import.meta.url), 'utf8'));
const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');

test('the manifest hints at every command, in the order of the table', () => {
  const [command] = manifest.features.slash_commands;

  expect(command.usage_hint).toBe(
    verbsIn('slack')
      .map(({ name }) => name)
      .join(' | '),
  );
});

test('the manifest asks for the scopes the bot uses and for no other', () => {
  expect(manifest.oauth_config.scopes.bot).toEqual([
    'channels:history',
    'chat:write',
    'commands',
    'groups:history',
    'usergroups:read',
    'users:read',
  ]);
});

test('the manifest needs no public address: Socket Mode and buttons are on', () => {
  expect(manifest.settings.socket_mode_enabled).toBe(true);
  expect(manifest.settings.interactivity).toEqual({ is_enabled: true });
  expect(manifest.features.slash_commands.every((command: object) => !('url' in command))).toBe(true);
});

test("the README's table of commands is the table of Slack's verbs", () => {
  const rows = verbsIn('slack').map(
    (verb) => `| \`/team ${usageIn('slack', verb).replaceAll('|', '\\|')}\` | ${summaryIn('slack', verb)} |`,
  );

  expect(readme).toContain(rows.join('\n'));
});
