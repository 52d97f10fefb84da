import { expect, test } from 'vitest';
import { asked, nowhere, pay, type SiteHarness, shop } from './site-under-contract.ts';

/** The part of the contract that touches no agent. */
export function describeLooking(open: () => Promise<SiteHarness>): void {
  test('says who it is and what runs, and refuses what is not there', async () => {
    const { site, set } = await open();
    set('shop:pay', { state: 'stopped' });

    const { host, root, since } = await site.hello();
    const { agents } = await site.status(shop);

    expect([typeof host, root.startsWith('/'), since instanceof Date]).toEqual(['string', true, true]);
    expect(agents.map(({ id, seen }) => [id, seen.state]).sort()).toEqual([
      ['shop:cart', 'running'],
      ['shop:lead', 'running'],
      ['shop:pay', 'stopped'],
    ]);
    await expect(site.status(nowhere)).rejects.toMatchObject({
      refusal: { kind: 'unknown-selection', asked: 'shpo', known: ['shop'] },
    });
  });

  test('mutes, and unmutes what is muted', async () => {
    const { site } = await open();
    const muted = { what: 'shop:pay', by: 'ana' };

    expect(await site.mute(pay, 60_000, 'ana')).toMatchObject({ ...muted, until: expect.any(Date) });
    expect(await site.mutes()).toMatchObject([muted]);
    expect((await site.status(pay)).agents).toMatchObject([{ mute: muted }]);
    expect(await site.unmute(shop, 'bo')).toBeUndefined();
    expect(await site.unmute(pay, 'bo')).toMatchObject({ mute: muted, endedBy: 'bo', kept: [] });
    expect(await site.mutes()).toEqual([]);
    await expect(site.mute(nowhere, 60_000, 'ana')).rejects.toMatchObject({
      refusal: { kind: 'unknown-selection' },
    });
  });

  test('gives an agent another budget, says why it is as it is, and what it printed', async () => {
    const { site } = await open();

    await site.giveBudget('shop:pay', 45_000, 'ana');

    expect((await site.plan(asked('drain'))).plan.steps).toMatchObject([{ budgetMs: 45_000 }]);
    expect(await site.why('shop:pay')).toMatchObject({
      id: 'shop:pay',
      asOf: expect.any(Date),
      seen: { state: 'running', since: expect.any(Date) },
      budget: { budgetMs: 45_000, by: 'ana', at: expect.any(Date) },
    });
    expect(await site.logs('shop:pay', 1)).toEqual(['two']);
    expect(await site.history({ project: 'shop', most: 5 })).toEqual({
      operations: [],
      deaths: [],
      advice: [],
    });
    for (const refused of [
      () => site.giveBudget('shop:pya', 1, 'ana'),
      () => site.why('shop:pya'),
      () => site.logs('shop:pya', 1),
      () => site.history({ project: 'shpo', most: 5 }),
    ]) {
      await expect(refused()).rejects.toMatchObject({ refusal: { kind: 'unknown-selection' } });
    }
  });

  test('plans without touching anything; the hash is that of what would be done in the world as it is', async () => {
    const { site, set, touched } = await open();

    const one = await site.plan(asked('down'));
    const same = await site.plan(asked('down'));
    set('shop:pay', { state: 'running' });
    const other = await site.plan(asked('down'));

    expect(one).toMatchObject({
      plan: { steps: [{ id: 'shop:pay', action: 'down' }] },
      reason: 'hard-down',
    });
    expect(one.observed).toMatchObject([['shop:pay', { state: 'running' }]]);
    expect(same.hash).toBe(one.hash);
    expect(other.hash).not.toBe(one.hash);
    expect(touched()).toEqual([]);
  });
}
