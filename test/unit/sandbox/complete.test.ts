import { expect, test } from 'vitest';
import { commandWords } from '../../../src/sandbox/page-words.ts';

interface Completion {
  readonly isWhole?: boolean;
  readonly hint?: { readonly usage: string; readonly summary: string };
  readonly options: readonly { readonly insert: string; readonly label: string; readonly about: string }[];
}

/** The page's own file, which is JavaScript without types. */
const { completionsFor } = (await import(
  new URL('../../../src/sandbox/page/complete.js', import.meta.url).href
)) as { completionsFor(text: string, words: object): Completion };

const commands = commandWords();
const agents = ['shop:lead', 'shop:pay', 'blog:editor'];
const complete = (text: string) => completionsFor(text, { commands, agents });
const inserts = (text: string) => complete(text).options.map(({ insert }) => insert);

test.each([
  ['/', ['/team ']],
  ['/te', ['/team ']],
  ['/team re', commands.filter(({ name }) => name.startsWith('re')).map(({ name }) => `/team ${name} `)],
  ['/team down s', ['/team down shop ', '/team down shop:lead ', '/team down shop:pay ']],
  ['/team down shop:p', ['/team down shop:pay ']],
  ['/team drain shop:pay ', ['/team drain shop:pay 45s ']],
  ['/team reload shop --', ['/team reload shop --dry-run ', '/team reload shop --force ']],
  ['/team reload --force shop --', ['/team reload --force shop --dry-run ']],
  ['/team help dr', ['/team help drain ']],
])('%s can become %j', (text, expected) => {
  expect(inserts(text)).toEqual(expected);
});

test.each(['', 'hello /team', '/other', '/team fly ', '/team up shop:pay'])(
  '"%s" can become nothing',
  (text) => {
    expect(inserts(text)).toEqual([]);
  },
);

test.each([
  ['/team st', false],
  ['/team status', true],
  ['/team down sh', false],
  ['/team down shop', true],
  ['/team down shop:p', false],
  ['/team down shop:pay', true],
])('whether the last word of "%s" can stand as it is: %s', (text, isWhole) => {
  expect(complete(text).isWhole).toBe(isWhole);
});

test('every command is offered with its usage and what it does', () => {
  const offered = complete('/team ').options;

  expect(offered.map(({ label }) => label)).toEqual(
    commands.map(({ name, usage }) => `/team ${name} ${usage}`.trim()),
  );
  expect(offered.map(({ about }) => about)).toEqual(commands.map(({ summary }) => summary));
});

test('while arguments are typed the usage stays in sight', () => {
  expect(complete('/team drain sh').hint?.usage).toBe('/team drain project[:agent] [45s]');
});
