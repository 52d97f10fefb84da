import { expect, test } from 'vitest';
import { UsageError } from '../../../../src/language/refusals.ts';
import { orderOf as read } from './context-under-test.ts';

const shop = { kind: 'project', project: 'shop' };
const pay = { kind: 'agent', id: 'shop:pay' };
const plainly = { force: false, dryRun: false, json: false, yes: false };

test.each([
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
  ['mute 30m', { kind: 'mute', selection: { kind: 'team' }, forMs: 1_800_000 }],
  ['mute shop:pay 2h', { kind: 'mute', selection: pay, forMs: 7_200_000 }],
  ['unmute shop', { kind: 'unmute', selection: shop }],
  ['audit', { kind: 'audit', sinceMs: 7 * 86_400_000, json: false }],
  ['audit --since 30d --json', { kind: 'audit', sinceMs: 30 * 86_400_000, json: true }],
])('%s is understood', (line, order) => {
  expect(read(line)).toEqual(order);
});

test.each([
  ['reload --json', 'reload has --json for its --dry-run only.'],
  ['up', 'up needs a name: one project or one agent.'],
  ['up shop/pay', 'shop/pay is no name; a project is written like shop, an agent like shop:pay.'],
  ['restart shop', 'restart is about one agent, written like shop:pay.'],
  ['why', 'why is about one agent, written like shop:pay.'],
  ['drain shop soon', 'The budget is soon; it is written like 45s or 2m, from 0s to 600s.'],
  ['drain shop 11m', 'The budget is 11m; it is written like 45s or 2m, from 0s to 600s.'],
  ['logs shop:pay all', 'The number of lines is all; it is from 1 to 1000.'],
  ['history shop:pay', 'History is of a project or of the whole team; for one agent: why shop:pay'],
  ['history --json --markdown', 'Either --json or --markdown.'],
  ['mute shop', 'Say for how long, such as 30m, 2h or 1d; the longest is 7d.'],
  ['mute shop 8d', 'Say for how long, such as 30m, 2h or 1d; the longest is 7d.'],
  ['audit --since yesterday', '--since is yesterday; it is written like 30m, 2h or 7d.'],
])('%s is not, and the words say what would be', (line, words) => {
  expect(() => read(line)).toThrow(new UsageError(words));
});
