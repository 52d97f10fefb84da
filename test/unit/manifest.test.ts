import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { commands } from '../../src/slack/commands/all-commands.ts';

const manifest = JSON.parse(readFileSync(new URL('../../manifest.json', import.meta.url), 'utf8'));
const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');

test('the manifest hints at every command, in the order of the list', () => {
  const [command] = manifest.features.slash_commands;

  expect(command.usage_hint).toBe(commands.map(({ name }) => name).join(' | '));
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

test("the README's table of commands is the list of commands", () => {
  const rows = commands.map(
    ({ name, usage, summary }) => `| \`/team ${name} ${usage.replaceAll('|', '\\|')}\` | ${summary} |`,
  );

  expect(readme).toContain(rows.join('\n'));
});
