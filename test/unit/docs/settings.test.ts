import { expect, test } from 'vitest';
import { readSettings, type SettingName, settingNames } from '../../../src/settings.ts';
import { chapter, documents, readme } from './documents.ts';

const needed = {
  SLACK_BOT_TOKEN: 'xoxb-1',
  SLACK_APP_TOKEN: 'xapp-1',
  SLACK_CHANNELS: 'C0123ABCD',
  SLACK_ALERT_CHANNEL: 'C0123ABCD',
};

test('every setting that the documentation names is one', () => {
  const named = [...documents.values()].flatMap(
    (text) => text.match(/\b(?:SLACK|MUSTER|TMUX|TEAM|LOG)_[A-Z_]+\b/g) ?? [],
  );
  const notOurs = ['TMUX_TMPDIR'];
  const ours: readonly string[] = [...settingNames, ...notOurs];

  expect(new Set(named).size).toBeGreaterThan(5);
  expect(named.filter((name) => !ours.includes(name))).toEqual([]);
});

test('a value that the documentation gives a setting is one that it takes', () => {
  const given = [...documents].flatMap(([from, text]) =>
    [...text.matchAll(/\b([A-Z]+(?:_[A-Z]+)+)=([\w./:-]+)/g)].map(([, name = '', value = '']) => ({
      from,
      name,
      value,
    })),
  );
  const ours = given.filter(({ name }) => settingNames.includes(name as SettingName));
  const refused = ours.filter(
    ({ name, value }) => readSettings({ ...needed, [name]: value }).kind === 'refused',
  );

  expect(ours.length).toBeGreaterThan(2);
  expect(refused).toEqual([]);
});

test("the README's table has every setting, with what it is unless told", () => {
  const rows = [...chapter(readme, 'Settings').matchAll(/^\| (`.*?) \| (.*?) \|/gm)].flatMap(
    ([, names = '', otherwise = '']) =>
      [...names.matchAll(/`(\w+)`/g)].map(([, name = '']) => [name, otherwise] as const),
  );
  const { settings } = readSettings(needed);
  const expected = new Map(
    settingNames.map((name) => {
      const value = settings[name];
      if (name in needed) return [name, 'needed'];
      return [
        name,
        typeof value === 'string' || typeof value === 'number' ? `\`${value}\`` : expect.any(String),
      ];
    }),
  );

  expect(Object.fromEntries(rows)).toEqual(Object.fromEntries(expected));
  expect(rows).toHaveLength(settingNames.length);
});
