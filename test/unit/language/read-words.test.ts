import { describe, expect, test } from 'vitest';
import { readWords, verbNamed } from '../../../src/language/read-words.ts';
import { UsageError } from '../../../src/language/refusals.ts';
import { type Front, usageIn } from '../../../src/language/verb.ts';
import { verbsIn } from '../../../src/language/verbs.ts';

function read(line: string, front: Front = 'terminal') {
  const [verb = '', ...words] = line.split(' ');
  const { options, rest } = readWords(verbNamed(verb), words, front);
  return { options: Object.fromEntries(options), rest };
}

test.each([
  ['reload --force shop --dry-run --force', { options: { force: [], 'dry-run': [] }, rest: ['shop'] }],
  ['history --since 2h --since=3h', { options: { since: ['3h'] }, rest: [] }],
  ['live-check --only a --only=b', { options: { only: ['a', 'b'] }, rest: [] }],
  ['status -- --json', { options: {}, rest: ['--json'] }],
  ['drain shop 45s --yes', { options: { yes: [] }, rest: ['shop', '45s'] }],
])('%s has its options and the rest', (line, words) => {
  expect(read(line)).toEqual(words);
});

test.each([
  ['relaod shop', 'There is no verb relaod. Did you mean reload?'],
  [
    'purge',
    'There is no verb purge. There are help, status, up, reload, drain, restart, down, logs, why, history, audit, mute, unmute, start, setup, doctor, live-check, sandbox, demo, completion.',
  ],
  ['reload --dryrun', 'reload has no option --dryrun. Did you mean --dry-run?'],
  ['reload --dryrun=yes', 'reload has no option --dryrun=yes. Did you mean --dry-run?'],
  ['reload -f', 'reload has no option -f. reload has --dry-run, --force, --yes, --json.'],
  ['status --__proto__', 'status has no option --__proto__. status has --json.'],
  ['up shop --yes', 'up has no options, and --yes is none.'],
  ['reload --force=yes', '--force takes no value.'],
  ['history --since', '--since needs a value, written like 2h.'],
  ['history --since=', '--since needs a value, written like 2h.'],
  ['up shop pay', 'pay is one word too many.'],
  ['doctor shop', 'shop is one word too many.'],
])('%s is not understood, and the words say what would be', (line, words) => {
  expect(() => read(line)).toThrow(new UsageError(words));
});

test('an option of the other front is none', () => {
  expect(read('status --me', 'slack').options).toEqual({ me: [] });
  expect(() => read('status --me')).toThrow('status has no option --me. status has --json.');
  expect(() => read('status --json', 'slack')).toThrow('status has no option --json. status has --me.');
});

describe.each(['slack', 'terminal'] as const)('in %s', (front) => {
  test.each(verbsIn(front).map((verb) => [verb.name, verb] as const))(
    '%s understands its example, and no other verb has its name',
    (name, { example }) => {
      expect(example.split(' ')[0]).toBe(name);
      expect(() => read(example, front)).not.toThrow();
      expect(verbsIn(front).filter((verb) => verb.name === name)).toHaveLength(1);
    },
  );
});

test('the usage has the options of its front alone', () => {
  const reload = verbNamed('reload');

  expect(usageIn('slack', reload)).toBe('reload [project] [--dry-run] [--force]');
  expect(usageIn('terminal', reload)).toBe('reload [project] [--dry-run] [--force] [--yes] [--json]');
  expect(usageIn('terminal', verbNamed('audit'))).toBe('audit [--since 7d] [--json]');
});
