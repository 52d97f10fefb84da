import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { settingNames } from '../../src/settings.ts';
import { projectFile } from '../fakes/bot/e2e-agents.ts';
import { type E2eBot, startE2eBot } from '../fakes/bot/e2e-bot.ts';

let bot: E2eBot;
const model = `a  b'c"d $HOME \${PATH} #{pane_id} #(id) \`id\` $(id) * ; \\ ü;`;

beforeAll(async () => {
  bot = await startE2eBot({
    team: {
      projects: {
        shop: projectFile('shop', { workers: { pay: 'polite' } }).replace(
          'model: m1',
          `model: ${JSON.stringify(model)}`,
        ),
      },
    },
    env: {
      PROVIDER_API_KEY: 'the agents need this one',
      npm_config_registry: 'http://127.0.0.1/',
      INIT_CWD: '/somewhere',
    },
  });
});
afterAll(() => bot?.stop());

test('nothing of Slack’s, of Muster’s settings or of npm’s reaches an agent', () => {
  const environment = environmentOf(bot.team.pid('shop:pay'));

  expect([...environment.keys()].filter((name) => /^(?:SLACK_|npm_|INIT_CWD)/.test(name))).toEqual([]);
  expect([...environment.keys()].filter((name) => settingNames.some((setting) => setting === name))).toEqual(
    [],
  );
  expect([...environment.values()].join('\n')).not.toMatch(/xox[a-z]-|xapp-/);
});

test('what the host gives its programs does reach an agent', () => {
  expect(environmentOf(bot.team.pid('shop:pay')).get('PROVIDER_API_KEY')).toBe('the agents need this one');
});

test('spaces, quotes, dollars, hashes and semicolons reach the agent as they are, in its environment and on its command line', () => {
  const pid = bot.team.pid('shop:pay');

  expect(environmentOf(pid).get('MODEL')).toBe(model);
  expect(environmentOf(pid).get('AGENT_ID')).toBe('shop:pay');
  expect(readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')).toContain(model);
});

test('no process of the agent has anything secret on its command line', async () => {
  const panes = await bot.tmux('list-panes', '-a', '-F', '#{pane_start_command}');

  expect(panes).toContain('shop:pay');
  expect(panes).not.toMatch(/PROVIDER_API_KEY|the agents need|xox[a-z]-|xapp-/);
});

test('the bot has connections and listens on no port', () => {
  const sockets = socketsOf(bot.process.pid);

  expect(sockets.length).toBeGreaterThan(0);
  expect(sockets.filter(({ isListening }) => isListening)).toEqual([]);
});

/** The process's own, of TCP in both versions. */
function socketsOf(pid: number | undefined): readonly { readonly isListening: boolean }[] {
  const inodes = readdirSync(`/proc/${pid}/fd`).map(
    (fd) => /^socket:\[(\d+)\]$/.exec(linkOf(`/proc/${pid}/fd/${fd}`))?.[1],
  );
  const rows = ['tcp', 'tcp6'].flatMap((table) =>
    readFileSync(`/proc/${pid}/net/${table}`, 'utf8').trim().split('\n').slice(1),
  );
  return rows
    .map((row) => row.trim().split(/\s+/))
    .filter(([, , , , , , , , , inode]) => inodes.includes(inode))
    .map(([, , , state]) => ({ isListening: state === '0A' }));
}

/** Empty for one that has been closed meanwhile. */
function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}

function environmentOf(pid: number | undefined): ReadonlyMap<string, string> {
  const lines = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').filter(Boolean);
  return new Map(lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]));
}
