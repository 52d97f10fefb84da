import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createSecrets, secretsIn } from '../../../src/team/secrets.ts';
import { everyPlant, lay } from '../../fakes/team/plants.ts';
import { until } from '../../fakes/until.ts';

/** A team's root with one env file. */
function rootWith(content: string) {
  const root = mkdtempSync(join(tmpdir(), 'muster-secrets-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const file = join(root, 'state/envs/shop-pay.env');
  mkdirSync(join(root, 'state/envs'), { recursive: true });
  writeFileSync(file, content);
  return { root, file };
}

test('names say what is secret, and short values are none', () => {
  const env = {
    ANTHROPIC_API_KEY: 'canary-anthropic',
    db_password: 'canary-password',
    SMTP_PASS: 'canary-smtp',
    SENTRY_DSN: 'canary-dsn-1',
    GITHUB_TOKEN: 'canary-github',
    AWS_CREDENTIALS: 'canary-aws',
    CLIENT_SECRET: 'canary-client',
    API_KEY_ENABLED: 'true',
    EMPTY_TOKEN: '',
    UNSET_TOKEN: undefined,
    PATH: '/usr/local/bin:/usr/bin',
  };

  expect(secretsIn(env)).toEqual([
    'canary-anthropic',
    'canary-password',
    'canary-smtp',
    'canary-dsn-1',
    'canary-github',
    'canary-aws',
    'canary-client',
  ]);
});

test('the agents’ env files are read, quotes or not, and only what they call secret counts', () => {
  const { root } = rootWith(
    `MODEL=long-model-name\nexport API_KEY="canary quoted"\nTOKEN=canary-plain\r\nOTHER_TOKEN='canary single'\nnothing`,
  );
  const secrets = createSecrets(root, ['fixed-value']);
  expect(secrets.values()).toEqual(['fixed-value']);

  secrets.lookAgain();

  expect(secrets.values()).toEqual(['fixed-value', 'canary quoted', 'canary-plain', 'canary single']);
});

test('a change is seen at the next look, what was there before stays secret, and without one the list stays the same', () => {
  const { root, file } = rootWith('TOKEN=canary-first\n');
  const secrets = createSecrets(root, []);
  secrets.lookAgain();
  const before = secrets.values();
  secrets.lookAgain();
  expect(secrets.values()).toBe(before);

  writeFileSync(file, 'TOKEN=canary-other\n');
  secrets.lookAgain();

  expect(secrets.values()).toEqual(['canary-first', 'canary-other']);
});

test('a file that is put in place is known without another look, before an agent could say what is in it', async () => {
  const { root, file } = rootWith('TOKEN=canary-first\n');
  const secrets = createSecrets(root, []);
  secrets.lookAgain();

  writeFileSync(`${file}.new`, 'TOKEN=canary-second\n');
  renameSync(`${file}.new`, file);

  await until('it is known', () => secrets.values().includes('canary-second'), 1000);
});

test('a team without env files, and files that cannot be read, are no failure', () => {
  const { root, file } = rootWith('TOKEN=canary-first\n');
  const secrets = createSecrets(root, []);
  secrets.lookAgain();

  rmSync(file);
  mkdirSync(file);
  secrets.lookAgain();
  expect(secrets.values()).toEqual(['canary-first']);
  rmSync(join(root, 'state'), { recursive: true });
  secrets.lookAgain();

  expect(secrets.values()).toEqual(['canary-first']);
});

test.each(everyPlant)('%s among the env files hides no other, and is told once', (plant) => {
  const { root, file } = rootWith('TOKEN=canary-first\n');
  lay(plant, join(root, 'state/envs/a.env'));
  const told: string[] = [];
  const secrets = createSecrets(root, [], (sentence) => told.push(sentence));

  secrets.lookAgain();
  secrets.lookAgain();

  expect(secrets.values()).toEqual(['canary-first']);
  expect(told.every((sentence) => sentence.startsWith(join(root, 'state/envs/a.env')))).toBe(true);
  expect(told.length).toBeLessThanOrEqual(1);
  rmSync(file);
});

test('more env files than there can be are not all read, and that is told', () => {
  const { root } = rootWith('');
  const value = 'x'.repeat(250_000);
  for (let n = 0; n < 40; n++) writeFileSync(join(root, `state/envs/${n}.env`), `TOKEN=${n}${value}\n`);
  const told: string[] = [];
  const secrets = createSecrets(root, [], (sentence) => told.push(sentence));

  secrets.lookAgain();

  expect(secrets.values().length).toBeGreaterThan(30);
  expect(secrets.values().length).toBeLessThan(40);
  expect(told).toEqual([expect.stringMatching(/state\/envs holds more than Muster keeps/)]);
});
