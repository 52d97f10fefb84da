import { describe, expect, test } from 'vitest';
import { readOrder } from '../../../../src/cli/team/read-verb.ts';
import { UsageError } from '../../../../src/language/refusals.ts';
import { verbs } from '../../../../src/language/verbs.ts';

const read = (line: string) => readOrder(line.split(' ').filter((word) => word !== ''));
const shop = { kind: 'project', project: 'shop' };
const pay = { kind: 'agent', id: 'shop:pay' };
const plainly = { force: false, dryRun: false, json: false, yes: false };

test.each([
  ['', { kind: 'help' }],
  ['--help', { kind: 'help' }],
  ['help drain', { kind: 'help', verb: 'drain' }],
  ['drain shop --help', { kind: 'help', verb: 'drain' }],
  ['status', { kind: 'status', selection: { kind: 'team' }, json: false }],
  ['status shop --json', { kind: 'status', selection: shop, json: true }],
  ['up shop:pay', { kind: 'operate', verb: 'up', selection: pay, ...plainly }],
  ['reload', { kind: 'operate', verb: 'reload', selection: { kind: 'team' }, ...plainly }],
  [
    'reload --force shop --yes',
    { kind: 'operate', verb: 'reload', selection: shop, ...plainly, force: true, yes: true },
  ],
  [
    'reload shop --dry-run --json',
    { kind: 'operate', verb: 'reload', selection: shop, ...plainly, dryRun: true, json: true },
  ],
  ['restart shop:pay', { kind: 'operate', verb: 'restart', selection: pay, ...plainly }],
  ['drain shop', { kind: 'operate', verb: 'drain', selection: shop, ...plainly }],
  ['drain shop:pay 45s', { kind: 'operate', verb: 'drain', selection: pay, ...plainly, budgetMs: 45_000 }],
  [
    'drain shop 0s --yes',
    { kind: 'operate', verb: 'drain', selection: shop, ...plainly, budgetMs: 0, yes: true },
  ],
  ['down shop', { kind: 'operate', verb: 'down', selection: shop, ...plainly }],
  ['logs shop:pay', { kind: 'logs', id: 'shop:pay', lines: 20 }],
  ['logs shop:pay 200', { kind: 'logs', id: 'shop:pay', lines: 200 }],
  ['why shop:pay', { kind: 'why', id: 'shop:pay' }],
  ['history', { kind: 'history', as: 'text' }],
  [
    'history shop --since 2h --markdown',
    { kind: 'history', project: 'shop', sinceMs: 7_200_000, as: 'markdown' },
  ],
  ['history --since=30m --json', { kind: 'history', sinceMs: 1_800_000, as: 'json' }],
  ['audit', { kind: 'audit', sinceMs: 7 * 86_400_000, json: false }],
  ['audit --since 30d --json', { kind: 'audit', sinceMs: 30 * 86_400_000, json: true }],
])('%s is understood', (line, order) => {
  expect(read(line)).toEqual(order);
});

test.each([
  ['relaod shop', 'There is no verb relaod. Did you mean reload?'],
  [
    'purge',
    'There is no verb purge. There are status, up, reload, restart, drain, down, logs, why, history, audit, help.',
  ],
  ['help relaod', 'There is no verb relaod. Did you mean reload?'],
  ['reload --dryrun', 'reload has no option --dryrun. Did you mean --dry-run?'],
  ['reload -f', 'reload has no option -f. reload has --dry-run, --force, --yes, --json.'],
  ['up shop --yes', 'up has no options, and --yes is none.'],
  ['reload --force=yes', '--force takes no value.'],
  ['reload --json', 'reload has --json for its --dry-run only.'],
  ['up', 'up needs a name: one project or one agent.'],
  ['up shop pay', 'pay is one word too many: up project[:agent]'],
  ['up shop/pay', 'shop/pay is no name; a project is written like shop, an agent like shop:pay.'],
  ['restart shop', 'restart is about one agent, written like shop:pay.'],
  ['why', 'why is about one agent, written like shop:pay.'],
  ['drain shop soon', 'The budget is soon; it is written like 45s or 2m, from 0s to 600s.'],
  ['drain shop 11m', 'The budget is 11m; it is written like 45s or 2m, from 0s to 600s.'],
  ['logs shop:pay all', 'The number of lines is all; it is from 1 to 1000.'],
  ['history shop:pay', 'History is of a project or of the whole team; for one agent: why shop:pay'],
  ['history --json --markdown', 'Either --json or --markdown.'],
  ['history --since', '--since is missing; it is written like 30m, 2h or 7d.'],
  ['audit --since yesterday', '--since is yesterday; it is written like 30m, 2h or 7d.'],
])('%s is not, and the words say what would be', (line, words) => {
  expect(() => read(line)).toThrow(new UsageError(words));
});

describe('every verb', () => {
  test.each(verbs.map(({ name, example }) => [name, example]))(
    '%s understands its example',
    (name, example) => {
      expect(example.split(' ')[0]).toBe(name);
      expect(() => read(example)).not.toThrow();
    },
  );

  test.each(verbs.map((verb) => [verb.name, verb]))(
    '%s has its options in its usage, and no other',
    (_name, verb) => {
      const inUsage = [...verb.usage.matchAll(/--([a-z-]+)/g)].map(([, option]) => option);
      expect(new Set(inUsage)).toEqual(new Set(verb.options));
    },
  );
});
