import { expect, test } from 'vitest';
import type { Desk } from '../../../../src/cli/team/context.ts';
import { operate } from '../../../../src/cli/team/run-operation.ts';
import type { Selection } from '../../../../src/domain/selection.ts';
import type { Site } from '../../../../src/site/site.ts';
import { createFakeSite } from '../../../fakes/fake-site.ts';
import { until } from '../../../fakes/until.ts';

const shop: Selection = { kind: 'project', project: 'shop' };
const order = {
  kind: 'operate',
  verb: 'drain',
  force: false,
  dryRun: false,
  json: false,
  yes: true,
} as const;

/** A terminal before a site without a host, and its Ctrl-C. */
function terminalAt(site: Site) {
  const printed: string[] = [];
  const listening = new Set<() => void>();
  const print = (lines: readonly string[]) => void printed.push(...lines);
  const desk: Desk = {
    site,
    audit: { attempt: () => () => undefined, since: () => [] },
    person: 'ana@build-1',
    text: 'drain',
    style: { width: 200, colour: false },
    print,
    remark: print,
    ask: undefined,
    onInterrupt(interrupted) {
      listening.add(interrupted);
      return () => listening.delete(interrupted);
    },
    leave: () => {
      throw new Error('left');
    },
  };
  return {
    drain: (selection: Selection, budgetMs: number) =>
      operate({ ...order, selection, budgetMs }, 'delivery', desk),
    press() {
      for (const interrupted of [...listening]) interrupted();
    },
    prints: (words: string) => until(`${words} is printed`, () => printed.join('\n').includes(words)),
    text: () => printed.join('\n'),
  };
}

test('Ctrl-C pauses: what runs comes to its end, and what waits is named', async () => {
  const { site } = createFakeSite({ 'shop:mule': { drain: 'stubborn' }, 'shop:pay': {} });
  const terminal = terminalAt(site);

  const drained = terminal.drain(shop, 100);
  await terminal.prints('asked to stop');
  terminal.press();

  expect(await drained).toBe(130);
  expect(terminal.text()).toMatch(
    /Pausing: nothing new begins[\s\S]*TimedOutKilled after[\s\S]*Paused in the middle of O-\w+: shop:pay of shop wait\./,
  );
});

test('whoever pauses what a Muster left does not begin what was typed', async () => {
  const { site, touched } = createFakeSite({ 'shop:mule': { drain: 'stubborn' }, 'shop:pay': {} });
  const request = { verb: 'drain', selection: shop, budgetMs: 100, force: false } as const;
  const by = { askedBy: 'bo', text: '/team drain shop' };
  const begun = await site.begin({ id: 'O-left22', request: { ...request, ...by } });
  if (begun.kind !== 'begun') throw new Error(begun.kind);
  const { operation } = begun;
  const waiting = [{ operation, events: [] }];
  const left: Site = {
    ...site,
    async recover() {
      await site.go(operation.id);
      return waiting.splice(0);
    },
  };
  const terminal = terminalAt(left);

  const drained = terminal.drain({ kind: 'agent', id: 'shop:pay' }, 100);
  await terminal.prints('asked to stop');
  terminal.press();

  expect(await drained).toBe(130);
  expect(terminal.text()).toMatch(
    /^First what a Muster left .*: \/team drain shop \(O-left22\), asked by bo/,
  );
  expect(touched).toEqual(['drain shop:mule']);
});

test('what was left and cannot be taken up again is said with its reason, and what was typed is done', async () => {
  const { site } = createFakeSite({ 'shop:pay': {} });
  const by = { force: false, askedBy: 'bo', text: '/team restart' };
  const begun = await site.begin({ id: 'O-left22', request: { verb: 'restart', selection: shop, ...by } });
  if (begun.kind !== 'begun') throw new Error(begun.kind);
  const { operation } = begun;
  const waiting = [{ operation, events: [] }];
  const left: Site = {
    ...site,
    async recover() {
      await site.cancel(operation.id, 'There is no agent shop:pya.');
      return waiting.splice(0);
    },
  };
  const terminal = terminalAt(left);

  expect(await terminal.drain(shop, 100)).toBe(0);
  expect(terminal.text()).toMatch(
    /\/team restart \(O-left22\)[\s\S]*It is cancelled: There is no agent shop:pya\.[\s\S]*Drained shop: 1 stopped\./,
  );
});

test('what is busy says with what, and nothing is touched', async () => {
  const { site, touched } = createFakeSite({ 'shop:pay': {} });
  const by = { force: false, askedBy: 'bo', text: '/team restart shop' };
  await site.begin({ id: 'O-busy22', request: { verb: 'restart', selection: shop, ...by } });

  await expect(terminalAt(site).drain(shop, 100)).rejects.toMatchObject({
    refusal: { kind: 'busy', operation: { id: 'O-busy22', askedBy: 'bo' } },
  });
  expect(touched).toEqual([]);
});
