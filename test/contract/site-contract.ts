import { describe, expect, test } from 'vitest';
import { newId } from '../../src/domain/operation.ts';
import { until } from '../fakes/until.ts';
import { describeLooking } from './site-contract-looking.ts';
import { allOf, asked, carryOut, kindsOf, pay, type SiteHarness, shop } from './site-under-contract.ts';

export function describeSite(name: string, open: () => Promise<SiteHarness>): void {
  describe(`the site: ${name}`, () => {
    test('touches nothing before go, then all of it, and says how it ended', async () => {
      const { site, touched } = await open();
      const id = newId('O');

      const begun = await site.begin({ id, request: asked('drain'), confirmedBy: 'bo' });
      expect(begun).toMatchObject({
        kind: 'begun',
        operation: { id, request: { confirmedBy: 'bo' }, startedAt: expect.any(Date) },
        observed: [['shop:pay', { state: 'running' }]],
      });
      expect(touched()).toEqual([]);
      expect(await site.go(id)).toEqual({ kind: 'going' });
      const news = await allOf(site.follow(id, 0));

      expect(kindsOf(news)).toEqual(['draining', 'noted', 'drained', 'over']);
      expect(news.at(-1)).toMatchObject({ kind: 'over', verdict: { at: expect.any(Date) }, kills: [] });
      expect(touched()).toEqual(['drain shop:pay']);
      const [past] = (await site.history({ most: 1 })).operations;
      expect(past).toMatchObject({ operation: { id }, verdict: { at: expect.any(Date) } });
    });

    test('begins an id once, and lets it go once', async () => {
      const { site, touched } = await open();
      const order = { id: newId('O'), request: asked('drain') };

      const [one, other] = await Promise.all([site.begin(order), site.begin(order)]);
      expect([one.kind, other.kind]).toEqual(['begun', 'begun']);
      await Promise.all([site.go(order.id), site.go(order.id)]);
      await allOf(site.follow(order.id, 0));

      expect(await site.begin(order)).toMatchObject({ kind: 'begun', operation: { id: order.id } });
      expect(await site.go(order.id)).toEqual({ kind: 'going' });
      expect(touched()).toEqual(['drain shop:pay']);
    });

    test('says who is busy on the same projects, and since when', async () => {
      const { site } = await open();
      const id = newId('O');
      await site.begin({ id, request: asked('drain') });

      const refused = await site.begin({ id: newId('O'), request: asked('up', shop) });

      expect(refused).toMatchObject({
        kind: 'busy',
        with: { id, project: 'shop', askedBy: 'ana', text: '/team drain', since: expect.any(Date) },
      });
    });

    test('asks before it kills; agreed to is only what was shown', async () => {
      const { site, set, touched } = await open();
      const order = { id: newId('O'), request: asked('down') };

      const shown = await site.begin(order);
      if (shown.kind !== 'ask') throw new Error(`${shown.kind} is no question`);
      expect(shown.proposal.reason).toBe('hard-down');
      set('shop:pay', { state: 'running' });
      const changed = await site.begin({ ...order, planHash: shown.proposal.hash });
      if (changed.kind !== 'changed') throw new Error(`${changed.kind} is no change`);
      expect(touched()).toEqual([]);

      const agreed = await site.begin({ ...order, planHash: changed.proposal.hash });
      expect(agreed.kind).toBe('begun');
    });

    test('notes the wish where there is nothing to do, and holds nothing', async () => {
      const { site, set } = await open();
      set('shop:pay', { state: 'stopped' });
      const id = newId('O');

      expect(await site.begin({ id, request: asked('drain') })).toMatchObject({ kind: 'nothing-to-do' });

      expect((await site.why('shop:pay')).wanted).toMatchObject({ state: 'down', by: 'ana' });
      await expect(site.go(id)).rejects.toMatchObject({ refusal: { kind: 'unknown-operation', id } });
      expect((await site.begin({ id: newId('O'), request: asked('up') })).kind).toBe('begun');
    });

    test('begins nothing late, and cancels what does not go within a minute', async () => {
      const { site, advance, touched } = await open();
      const askedAt = new Date(Date.now() - 61_000);
      expect(await site.begin({ id: newId('O'), request: asked('drain', pay, { askedAt }) })).toEqual({
        kind: 'too-late',
      });
      const id = newId('O');
      await site.begin({ id, request: asked('drain') });
      const followed = allOf(site.follow(id, 0));

      advance(60_000);

      expect(await followed).toMatchObject([{ kind: 'over', verdict: { cancelled: expect.any(String) } }]);
      expect(await site.go(id)).toEqual({ kind: 'too-late' });
      expect((await site.begin({ id: newId('O'), request: asked('drain') })).kind).toBe('begun');
      expect(touched()).toEqual([]);
    });

    test('takes back what has not gone, with the reason on record', async () => {
      const { site, touched } = await open();
      const id = newId('O');
      await site.begin({ id, request: asked('drain') });

      await site.cancel(id, 'it could not be posted');

      const cancelled = { verdict: { cancelled: 'it could not be posted' } };
      expect(await allOf(site.follow(id, 0))).toMatchObject([{ kind: 'over', ...cancelled }]);
      expect((await site.history({ most: 1 })).operations).toMatchObject([cancelled]);
      expect((await site.begin({ id: newId('O'), request: asked('drain') })).kind).toBe('begun');
      expect(touched()).toEqual([]);
    });

    test('tells every follower all of it, from where each wants, also when it is over', async () => {
      const { site } = await open();
      const id = newId('O');
      await site.begin({ id, request: asked('restart') });
      const live = Promise.all([allOf(site.follow(id, 0)), allOf(site.follow(id, 0))]);
      const unread = site.follow(id, 0)[Symbol.asyncIterator]();
      await site.go(id);
      expect(await unread.next()).toMatchObject({ value: { number: 1 } });

      const [one, other] = await live;

      expect(kindsOf(one)).toEqual(['draining', 'noted', 'drained', 'starting', 'started', 'over']);
      expect(one.flatMap((each) => (each.kind === 'event' ? [each.number] : []))).toEqual([1, 2, 3, 4, 5]);
      expect(other).toEqual(one);
      expect(await allOf(site.follow(id, 0))).toEqual(one);
      expect(await allOf(site.follow(id, 3))).toEqual(one.slice(3));
      await expect(allOf(site.follow('O-nobody', 0))).rejects.toMatchObject({
        refusal: { kind: 'unknown-operation' },
      });
    });

    test('has freed the projects when it says that it is over', async () => {
      const { site } = await open();
      await carryOut(site, asked('drain'));

      expect((await site.begin({ id: newId('O'), request: asked('up') })).kind).toBe('begun');
    });

    test('reports a forced kill with what its drains say of the budget', async () => {
      const { site, set } = await open();
      set('shop:pay', { drain: 'stubborn' });

      const { id, news } = await carryOut(site, asked('drain', pay, { budgetMs: 20 }));

      const kill = {
        step: { id: 'shop:pay' },
        stop: { result: { outcome: 'TimedOutKilled', budgetMs: 20 } },
        before: [],
        advice: { killed: 1, proposal: { kind: 'too-few' } },
      };
      const drained = news.find((each) => each.kind === 'event' && each.event.kind === 'drained');
      expect(drained).toMatchObject({ kill });
      expect(news.at(-1)).toMatchObject({ kind: 'over', kills: [kill] });
      expect((await site.history({ most: 1 })).advice).toMatchObject([['shop:pay', { killed: 1 }]]);
      const [agent] = (await site.status(pay)).agents;
      expect(agent?.lastStop).toMatchObject({ how: 'TimedOutKilled', operation: id });
    });

    test('extends and ends the drains that run, and reaches nobody else', async () => {
      const { site, set } = await open();
      set('shop:pay', { drain: 'stubborn' });
      const id = newId('O');
      await site.begin({ id, request: asked('drain', pay, { budgetMs: 600_000 }) });
      expect(await site.extend(id, 1000)).toEqual([]);
      await site.go(id);
      const followed = allOf(site.follow(id, 0));
      await until('it drains', async () => (await site.extend(id, 60_000)).length > 0);

      expect(await site.killNow(id, new Date(0))).toEqual([]);
      expect(await site.killNow('O-nobody', new Date())).toEqual([]);
      expect(await site.killNow(id, new Date())).toEqual(['shop:pay']);

      const news = await followed;
      expect(kindsOf(news)).toEqual(
        expect.arrayContaining(['draining', 'noted', 'extended', 'cut-short', 'forcing', 'drained', 'over']),
      );
      expect(news.at(-1)).toMatchObject({ kills: [{ stop: { result: { budgetMs: 660_000 } } }] });
      expect(await site.extend(id, 1000)).toEqual([]);
    });

    test('once closed begins nothing, and brings what runs to its end', async () => {
      const { site, set } = await open();
      set('shop:pay', { drain: 'stubborn' });
      const id = newId('O');
      await site.begin({ id, request: asked('drain', shop, { budgetMs: 50 }) });
      await site.go(id);
      const followed = allOf(site.follow(id, 0));
      await until('it drains', async () => (await site.extend(id, 1)).length > 0);

      await site.close();

      const kinds = kindsOf(await followed);
      expect(kinds).toContain('pausing');
      // Its manager's turn did not come.
      expect(kinds.at(-1)).toBe('paused');
      await expect(site.begin({ id: newId('O'), request: asked('up') })).rejects.toMatchObject({
        refusal: { kind: 'restarting' },
      });
      expect((await site.status(shop)).agents).toHaveLength(3);
    });

    test('has nothing to recover where nobody died', async () => {
      const { site } = await open();
      await site.begin({ id: newId('O'), request: asked('drain') });

      expect(await site.recover({ kind: 'team' })).toEqual([]);
    });

    describeLooking(open);
  });
}
