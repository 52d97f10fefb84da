import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { botUnitText } from '../../../../src/cli/service/bot-unit.ts';

test('the service, and the sandbox, run the bot with the options of npm start', () => {
  const read = (path: string) => readFileSync(new URL(`../../../../${path}`, import.meta.url), 'utf8');
  const start: string = JSON.parse(read('package.json')).scripts.start;
  const options = start.split(' ').slice(1, start.split(' ').indexOf('--import'));
  const unit = botUnitText({ node: '/n/node', directory: '/m', workingDirectory: '/w', path: '/bin' });

  expect(options).not.toEqual([]);
  expect(unit).toContain(
    `\nExecStart="/n/node" ${options.map((option) => `"${option}"`).join(' ')} "--import"`,
  );
  for (const option of options) expect(read('src/sandbox/bot-process.ts')).toContain(`'${option}'`);
  expect(read('bin/muster')).toContain(`[ "\${1-}" = start ] && lean=${options.join(' ')}\n`);
});
