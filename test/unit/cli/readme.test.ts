import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { helpText } from '../../../src/cli/help.ts';
import { exitCodes } from '../../../src/cli/team/exit-codes.ts';
import { summaryIn, usageIn } from '../../../src/language/verb.ts';
import { verbsIn } from '../../../src/language/verbs.ts';

const readme = readFileSync(new URL('../../../README.md', import.meta.url), 'utf8');

test("the README's table of muster is the table of the terminal's verbs", () => {
  const rows = verbsIn('terminal').map(
    (verb) =>
      `| \`muster ${usageIn('terminal', verb).replaceAll('|', '\\|')}\` | ${summaryIn('terminal', verb)} |`,
  );

  expect(readme).toContain(rows.join('\n'));
});

test('the README and help have every exit code', () => {
  const sentence = /^- It ends with (.*)$/m.exec(readme)?.[1] ?? '';
  const help = helpText(undefined, { width: 80, colour: false });
  const inHelp = [...help.slice(help.indexOf('It ends with')).matchAll(/^ {2}(\d+) /gm)];
  const codes = Object.values(exitCodes).map(String);

  expect([...sentence.matchAll(/(\d+): /g)].map(([, code]) => code)).toEqual(codes);
  expect(inHelp.map(([, code]) => code)).toEqual(codes);
});
