import { mkdirSync, readdirSync, watch } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Request } from '../../../../src/domain/operation.ts';
import type { OperationEvent } from '../../../../src/domain/operation-event.ts';
import { progressBy } from '../../../../src/domain/progress.ts';
import { planRequest } from '../../../../src/operations/plan/make-plan.ts';
import { runOperation } from '../../../../src/operations/run/run-plan.ts';
import { systemClock } from '../../../../src/supervisor/process/clock.ts';
import { fingerprint } from '../../../../src/team/reload/fingerprint.ts';
import { createInstantClock } from '../../../fakes/instant-clock.ts';
import { until } from '../../../fakes/until.ts';
import {
  agent,
  asked,
  createRunningTeam,
  createTeam,
  failures,
  offRecord,
  projectYaml,
  shop,
  shopYaml,
  told,
} from '../team-under-test.ts';

const blogYaml = projectYaml('blog', 'editor', []);
const changedPay = shopYaml.replace('pay: {', 'pay: { model: other,');

describe('order', () => {
  test('workers stop before their managers', async () => {
    const team = await createRunningTeam();

    const run = await team.run({ verb: 'drain', selection: shop });

    expect(told(run).slice(0, 4).sort()).toEqual([
      'drained shop:cart',
      'drained shop:pay',
      'draining shop:cart',
      'draining shop:pay',
    ]);
    expect(told(run).slice(4)).toEqual(['draining shop:lead', 'drained shop:lead']);
  });

  test('managers start before their workers', async () => {
    const team = createTeam({ projects: { shop: shopYaml } });

    const run = await team.run({});

    expect(told(run).slice(0, 3)).toEqual(['starting shop:lead', 'started shop:lead', 'starting shop:cart']);
    expect(team.supervisor.called('up')).toEqual(['shop:lead', 'shop:cart', 'shop:pay']);
  });

  test('every stop comes before the first start', async () => {
    const team = await createRunningTeam();

    const run = await team.run({ force: true });

    expect(told(run).findLastIndex((event) => event.startsWith('drained'))).toBeLessThan(
      told(run).findIndex((event) => event.startsWith('starting')),
    );
  });

  test('stubborn agents of one level cost one budget together', async () => {
    const workers = Array.from({ length: 10 }, (_, index) => `w${index}`);
    const team = await createRunningTeam({ projects: { shop: projectYaml('shop', 'lead', workers) } });
    for (const worker of workers) team.supervisor.set(`shop:${worker}`, { drain: 'stubborn' });

    const { events } = await team.run({ verb: 'drain', selection: shop, budgetMs: 60 });

    const killed = events.filter(
      (event) => event.kind === 'drained' && event.result.outcome === 'TimedOutKilled',
    );
    const firstOver = events.findIndex(({ kind }) => kind === 'drained');
    const begunByThen = events.slice(0, firstOver).filter(({ kind }) => kind === 'draining');
    expect([begunByThen.length, killed.length]).toEqual([10, 10]);
  });

  test('no more than eight agents start at once', async () => {
    const workers = Array.from({ length: 20 }, (_, index) => `w${index}`);
    const team = createTeam({ projects: { shop: projectYaml('shop', 'lead', workers) } });
    const { up } = team.supervisor;
    const eight = Promise.withResolvers<void>();
    let now = 0;
    let most = 0;
    team.supervisor.up = async (spec) => {
      now += 1;
      most = Math.max(most, now);
      if (now === 8) void systemClock.sleep(30).then(eight.resolve);
      if (spec.id !== 'shop:lead') await eight.promise;
      await up(spec);
      now -= 1;
    };

    await team.run({});

    expect(most).toBe(8);
    expect(team.supervisor.called('up')).toHaveLength(21);
  });
});

describe('one failure does not stop the others', () => {
  test('a start that fails leaves the others started', async () => {
    const team = createTeam({ projects: { shop: shopYaml } }, { 'shop:cart': { upFails: 'no key' } });

    const run = await team.run({});

    expect(failures(run)).toEqual({ 'shop:cart': 'no key' });
    expect(Object.keys(team.applied()?.agents ?? {})).toEqual(['shop:lead', 'shop:pay']);
  });

  test('a file that cannot be put in place keeps one agent from its start, and the others are started', async () => {
    const team = createTeam({ projects: { shop: shopYaml } });
    const { plan, situation } = await planRequest(team.host, asked({}));
    const cart = situation.rendered.get('shop:cart');
    if (cart === undefined) throw new Error('there is no cart');
    // Whatever lies on the disk in one agent's place is moved aside, and nothing there keeps root from writing.
    const rendered = new Map(situation.rendered).set('shop:cart', { ...cart, env: 1 as never });
    const events: OperationEvent[] = [];

    const { finished } = runOperation(
      { plan },
      { ...situation, rendered },
      offRecord((event) => events.push(event)),
    );
    const run = { ...(await finished), events };

    expect(Object.keys(failures(run))).toEqual(['shop:cart']);
    expect(team.supervisor.called('up')).toEqual(['shop:lead', 'shop:pay']);
    expect(Object.keys(team.applied()?.agents ?? {})).toEqual(['shop:lead', 'shop:pay']);
  });

  test('an agent whose drain fails is not started, and the others are', async () => {
    const team = await createRunningTeam(undefined, { 'shop:cart': { fails: { drain: 'tmux hangs' } } });
    const startedBefore = team.supervisor.called('up').length;

    const run = await team.run({ force: true });

    expect(failures(run)).toEqual({ 'shop:cart': 'tmux hangs' });
    expect(team.supervisor.called('up').slice(startedBefore)).toEqual(['shop:lead', 'shop:pay']);
  });

  test('a survivor never gets a second copy beside it', async () => {
    const survivors = [{ pid: 7, state: 'D', command: 'node agent.js' }];
    const team = await createRunningTeam(
      undefined,
      { 'shop:pay': { drain: 'stubborn', survivors } },
      createInstantClock(),
    );
    team.write('projects/shop.yaml', changedPay);
    const startedBefore = team.supervisor.called('up').length;

    const run = await team.run({ selection: shop });

    expect(failures(run)).toEqual({ 'shop:pay': 'could not be ended: pid 7 (state D) node agent.js' });
    expect(team.supervisor.called('up').slice(startedBefore)).toEqual([]);
  });

  test('a kill that leaves survivors is a failure that names them', async () => {
    const team = await createRunningTeam(undefined, {
      'shop:pay': { survivors: [{ pid: 7, state: 'D', command: 'node' }] },
    });

    const run = await team.run({ verb: 'down', selection: shop });

    expect(told(run)).toContain('killed shop:pay');
    expect(failures(run)).toEqual({ 'shop:pay': 'could not be ended: pid 7 (state D) node' });
    expect(team.supervisor.called('down')).toHaveLength(3);
  });

  test('a removed agent that could not be stopped stays in the snapshot', async () => {
    const team = await createRunningTeam(undefined, { 'shop:pay': { fails: { drain: 'tmux hangs' } } });
    team.write('projects/shop.yaml', projectYaml('shop', 'lead', ['cart']));

    await team.run({});

    expect(Object.keys(team.applied()?.agents ?? {})).toContain('shop:pay');
  });
});

describe('a running drain', () => {
  async function drainingPay() {
    const clock = createInstantClock();
    const team = await createRunningTeam(undefined, {}, clock);
    team.supervisor.set('shop:pay', { drain: { afterMs: 14_000 } });
    const { plan, situation } = await planRequest(
      team.host,
      asked({ verb: 'drain', selection: agent('shop:pay') }),
    );
    const outcomes: string[] = [];
    const run = runOperation(
      { plan },
      situation,
      offRecord((event) => {
        if (event.kind === 'drained') outcomes.push(`${event.result.outcome} of ${event.result.budgetMs}`);
      }),
    );
    return { clock, run, outcomes };
  }

  test('is killed at the end of its budget', async () => {
    const { run, outcomes } = await drainingPay();

    await run.finished;

    expect(outcomes).toEqual(['TimedOutKilled of 10000']);
  });

  test('can be given more time', async () => {
    const { clock, run, outcomes } = await drainingPay();
    clock.atMs(clock.now() + 5_000, () => run.extend(60_000));

    await run.finished;

    expect(outcomes).toEqual(['Graceful of 70000']);
  });

  test('can be ended now', async () => {
    const { clock, run, outcomes } = await drainingPay();
    clock.atMs(clock.now() + 1_000, () => run.killNow(new Date()));
    const before = clock.now();

    await run.finished;

    expect(outcomes).toEqual(['TimedOutKilled of 10000']);
    expect(clock.now() - before).toBeLessThan(2_000);
  });

  test('is not ended by somebody who saw what was before it began', async () => {
    const { clock, run, outcomes } = await drainingPay();
    const reached: string[] = [];
    clock.atMs(clock.now() + 1_000, () => reached.push(...run.killNow(new Date(0))));

    await run.finished;

    expect(reached).toEqual([]);
    expect(outcomes).toEqual(['TimedOutKilled of 10000']);
    expect(run.extend(1_000)).toEqual([]);
  });
});

describe('a paused run', () => {
  test('brings the agents that it had begun with to their end, and takes no other in hand', async () => {
    const team = await createRunningTeam();
    team.supervisor.set('shop:cart', { state: 'stopped' });
    team.write('projects/shop.yaml', changedPay);
    const { plan, situation } = await planRequest(team.host, asked({}));
    const events: string[] = [];

    const run = runOperation(
      { plan },
      situation,
      offRecord(({ kind, id }) => {
        events.push(`${kind} ${id}`);
        if (kind === 'draining') run.pause();
      }),
    );

    expect(await run.finished).toEqual({ paused: true });
    expect(events).toContain('started shop:pay');
    expect(events.filter((event) => event.endsWith('shop:cart'))).toEqual([]);
  });

  test('that has nothing left to do is over', async () => {
    const team = await createRunningTeam();
    const { plan, situation } = await planRequest(
      team.host,
      asked({ verb: 'drain', selection: agent('shop:pay') }),
    );

    const run = runOperation({ plan }, situation, offRecord());
    run.pause();

    expect(await run.finished).toEqual({ paused: false });
  });
});

describe('the record', () => {
  const recorded = async (refuses: OperationEvent['kind'], request: Partial<Request> = { force: true }) => {
    const team = await createRunningTeam({ projects: { blog: blogYaml } });
    const { plan, situation } = await planRequest(team.host, asked(request));
    const events: OperationEvent[] = [];
    const { finished } = runOperation({ plan }, situation, {
      record(event) {
        if (event.kind === refuses) throw new Error('disk full');
      },
      emit: (event) => events.push(event),
    });
    const end = await finished;
    return { team, end, failed: failures({ events }), events };
  };

  test.each<[OperationEvent['kind'], readonly string[]]>([
    ['draining', []],
    ['noted', ['drain']],
  ])('that cannot be made of %s keeps the agent from being touched', async (kind, verbs) => {
    const { team, failed } = await recorded(kind);

    expect(failed).toEqual({ 'blog:editor': 'disk full' });
    expect(team.supervisor.calls.map(({ verb }) => verb).filter((verb) => verb === 'drain')).toEqual(verbs);
    expect(team.supervisor.incarnation('blog:editor')).toBeDefined();
    expect(team.supervisor.called('up')).toEqual(['blog:editor']);
  });

  test('that cannot be made of what was done is missed aloud, and the agent is not left half done', async () => {
    const { team, end, failed } = await recorded('drained');

    expect(end).toMatchObject({ error: 'disk full' });
    expect(failed).toEqual({});
    expect(team.supervisor.called('up')).toEqual(['blog:editor', 'blog:editor']);
  });

  test('is made up for before what comes next, once it can be; what is missing at the end is told', async () => {
    const team = await createRunningTeam({ projects: { blog: blogYaml } });
    const { plan, situation } = await planRequest(team.host, asked({ force: true }));
    const attempts: string[] = [];
    const onRecord: string[] = [];
    const { finished } = runOperation({ plan }, situation, {
      record({ kind }) {
        attempts.push(kind);
        const isFirst = attempts.filter((each) => each === kind).length === 1;
        if ((isFirst && kind === 'drained') || kind === 'started') throw new Error('disk full');
        onRecord.push(kind);
      },
      emit: () => undefined,
    });

    expect(await finished).toMatchObject({
      error: 'disk full',
      unrecorded: [{ kind: 'started', id: 'blog:editor' }],
    });
    expect(onRecord).toEqual(['draining', 'noted', 'drained', 'starting']);
  });

  test('has the deadline of a drain that was given more time, before it gets it', async () => {
    const clock = createInstantClock();
    const team = await createRunningTeam(undefined, {}, clock);
    team.supervisor.set('shop:pay', { drain: { afterMs: 14_000 } });
    const request = asked({ verb: 'drain', selection: agent('shop:pay') });
    const { plan, situation } = await planRequest(team.host, request);
    const kinds: string[] = [];

    const run = runOperation(
      { plan },
      situation,
      offRecord((event) => kinds.push(event.kind === 'extended' ? `to ${event.budgetMs}` : event.kind)),
    );
    clock.atMs(clock.now() + 5_000, () => run.extend(60_000));
    await run.finished;

    expect(kinds).toEqual(['draining', 'noted', 'to 70000', 'drained']);
  });

  test('has the whole deadline of a drain that a later process gives more time, which whoever saw it begin can end', async () => {
    const team = await createRunningTeam();
    team.supervisor.set('shop:pay', { drain: 'stubborn' });
    const request = asked({ verb: 'drain', selection: agent('shop:pay') });
    const { plan, situation } = await planRequest(team.host, request);
    const incarnation = team.supervisor.incarnation('shop:pay');
    if (incarnation === undefined) throw new Error('shop:pay does not run');
    const at = new Date(Date.now() - 4000);
    const earlier = progressBy(plan, [
      { kind: 'draining', id: 'shop:pay', at, budgetMs: 10_000 },
      {
        kind: 'noted',
        id: 'shop:pay',
        at,
        noted: { bootId: incarnation.bootId, incarnation, processes: [{ ...incarnation, part: 'agent' }] },
      },
    ]);
    const events: OperationEvent[] = [];

    const run = runOperation({ plan }, situation, { ...offRecord((event) => events.push(event)), earlier });
    const reached = await until('it is asked again', () => {
      const all = run.extend(60_000);
      return all.length > 0 ? all : undefined;
    });
    expect(run.killNow(at)).toEqual(reached);
    await run.finished;

    expect(events).toMatchObject([
      { kind: 'extended', budgetMs: 70_000 },
      { kind: 'cut-short' },
      { kind: 'forcing' },
      { kind: 'drained', result: { outcome: 'TimedOutKilled', budgetMs: 70_000 } },
    ]);
  });
});

describe('the snapshot', () => {
  test('gets the entries of agents that were started, and no others', async () => {
    const team = await createRunningTeam();
    const before = team.applied()?.agents ?? {};
    team.write('projects/shop.yaml', changedPay.replace('cart: {', 'cart: { model: other,'));

    await team.run({ selection: agent('shop:pay') });

    const after = team.applied()?.agents ?? {};
    expect(after['shop:pay']).not.toEqual(before['shop:pay']);
    expect(after['shop:cart']).toEqual(before['shop:cart']);
  });

  test('is written once for agents that have started at once', async () => {
    const workers = ['a', 'b', 'c', 'd', 'e', 'f'];
    const team = createTeam({ projects: { shop: projectYaml('shop', 'lead', workers) } });
    const written = countWrites(team);

    await team.run({});

    expect(Object.keys(team.applied()?.agents ?? {})).toHaveLength(7);
    // The manager, who starts alone; the first worker, and those who come while that one is written; that nothing stays pending.
    expect(await written()).toBeLessThanOrEqual(4);
  });

  test('forgets agents that were removed', async () => {
    const team = await createRunningTeam();
    team.write('projects/shop.yaml', projectYaml('shop', 'lead', ['cart']));

    const run = await team.run({});

    expect(told(run)).toContain('forgotten shop:pay');
    expect(Object.keys(team.applied()?.agents ?? {})).toEqual(['shop:cart', 'shop:lead']);
  });

  test('remembers the compose file when nothing stays pending', async () => {
    const team = await createRunningTeam();
    const before = team.applied()?.compose_digest;
    team.write('team-compose.yaml', `${team.read('team-compose.yaml')}# a remark\n`);

    await team.run({});

    expect(team.applied()?.compose_digest).not.toBe(before);
  });

  test.each<[string, readonly Partial<Request>[]]>([
    ['an up of the whole team', [{ verb: 'up' }]],
    [
      'the last of the ups of single agents',
      [
        { verb: 'up', selection: agent('shop:lead') },
        { verb: 'up', selection: agent('shop:cart') },
        { verb: 'up', selection: agent('shop:pay') },
      ],
    ],
    ['a restart of the whole team', [{ verb: 'restart', selection: shop }]],
  ])('remembers the compose file after %s, as teamctl’s up does', async (_name, requests) => {
    const team = createTeam({ projects: { shop: shopYaml } });

    for (const request of requests) await team.run(request);

    expect(team.applied()?.compose_digest).toBe(fingerprint(team.read('team-compose.yaml')));
  });

  test.each<[string, Partial<Request>]>([
    ['restart', { verb: 'restart', selection: agent('shop:pay') }],
    ['reload', { selection: agent('shop:pay') }],
    ['drain', { verb: 'drain', selection: agent('shop:cart') }],
    ['down', { verb: 'down', selection: agent('shop:cart') }],
  ])('takes the compose file’s new digest after a %s that finds nothing pending', async (_verb, request) => {
    const team = await createRunningTeam();
    team.write('team-compose.yaml', `${team.read('team-compose.yaml')}# a remark\n`);

    await team.run(request);

    expect(team.applied()?.compose_digest).toBe(fingerprint(team.read('team-compose.yaml')));
  });

  test('takes the new digest with the last of the changes, whichever operation carries it out', async () => {
    const team = await createRunningTeam();
    team.write('team-compose.yaml', `${team.read('team-compose.yaml')}# a remark\n`);
    team.write('projects/shop.yaml', shopYaml.replaceAll(': { ', ': { model: other, '));
    const before = team.applied()?.compose_digest;

    await team.run({ verb: 'restart', selection: agent('shop:cart') });
    const midway = team.applied()?.compose_digest;
    await team.run({ verb: 'restart', selection: agent('shop:pay') });

    expect(midway).toBe(before);
    expect(team.applied()?.compose_digest).toBe(fingerprint(team.read('team-compose.yaml')));
  });

  test.each(['up', 'drain'] as const)(
    'keeps the older digest after %s while the snapshot knows an agent that is gone from the team',
    async (verb) => {
      const team = await createRunningTeam();
      const before = team.applied()?.compose_digest;
      team.write('team-compose.yaml', `${team.read('team-compose.yaml')}# a remark\n`);
      team.write('projects/shop.yaml', projectYaml('shop', 'lead', ['cart']));

      await team.run({ verb, selection: agent('shop:cart') });

      expect(team.applied()?.compose_digest).toBe(before);
    },
  );

  test('keeps the older digest while an agent’s change stays pending', async () => {
    const team = await createRunningTeam({ projects: { shop: shopYaml, blog: blogYaml } });
    const before = team.applied()?.compose_digest;
    team.write('team-compose.yaml', `${team.read('team-compose.yaml')}# a remark\n`);
    team.write('projects/shop.yaml', changedPay);

    await team.run({ selection: { kind: 'project', project: 'blog' } });

    expect(team.applied()?.compose_digest).toBe(before);
  });

  test('keeps the older digest when an agent failed', async () => {
    const team = await createRunningTeam();
    const before = team.applied()?.compose_digest;
    team.write('team-compose.yaml', `${team.read('team-compose.yaml')}# a remark\n`);
    team.supervisor.set('shop:pay', { state: 'stopped', upFails: 'no key' });

    await team.run({});

    expect(team.applied()?.compose_digest).toBe(before);
  });

  test('after a reload a second one has nothing to do', async () => {
    const team = await createRunningTeam();

    const steps = await team.plan({});

    expect(steps.map(({ action }) => action)).toEqual(['keep', 'keep', 'keep']);
  });

  test('adoption writes files and entry of an agent that runs, and does not touch the agent', async () => {
    const team = createTeam({ projects: { shop: shopYaml } }, { 'shop:lead': { state: 'running' } });
    const before = team.supervisor.incarnation('shop:lead');

    await team.run({ selection: agent('shop:lead') });

    expect(team.supervisor.incarnation('shop:lead')).toEqual(before);
    expect(Object.keys(team.applied()?.agents ?? {})).toEqual(['shop:lead']);
    expect(team.read('state/envs/shop-lead.env')).toContain('AGENT_ID=shop:lead');
  });

  test('down and drain leave it as it is', async () => {
    const team = await createRunningTeam();
    const before = team.read('state/applied.json');

    await team.run({ verb: 'drain', selection: shop });
    await team.run({ verb: 'down', selection: shop });

    expect(team.read('state/applied.json')).toBe(before);
  });
});

describe('a snapshot of a newer schema', () => {
  const newer = '{"schema":3,"agents":{}}';

  test('has nothing written over it or beside it, and dead agents are started', async () => {
    const team = await createRunningTeam(undefined, { 'shop:pay': { state: 'stopped' } });
    team.write('state/applied.json', newer);
    team.write('projects/shop.yaml', changedPay);
    const filesBefore = readdirSync(join(team.root, 'state/envs'));
    const envBefore = team.read('state/envs/shop-pay.env');

    const run = await team.run({});

    expect(told(run)).toEqual(['starting shop:pay', 'started shop:pay']);
    expect(team.read('state/applied.json')).toBe(newer);
    expect(team.read('state/envs/shop-pay.env')).toBe(envBefore);
    expect(readdirSync(join(team.root, 'state/envs'))).toEqual(filesBefore);
  });

  test('lets drain and down work', async () => {
    const team = await createRunningTeam();
    team.write('state/applied.json', newer);

    const run = await team.run({ verb: 'drain', selection: shop });

    expect(failures(run)).toEqual({});
    expect(team.supervisor.called('drain')).toHaveLength(3);
  });
});

describe('teamctl changed the team meanwhile', () => {
  const changed = 'teamctl changed the team meanwhile (state/applied.json is another): ask again';

  test('before the first stop: nothing is stopped', async () => {
    const team = await createRunningTeam();
    const { plan, situation } = await planRequest(team.host, asked({ force: true }));
    team.write('state/applied.json', `${team.read('state/applied.json')}\n`);

    const seen: string[] = [];
    await runOperation(
      { plan },
      situation,
      offRecord((event) => seen.push(event.kind)),
    ).finished;

    expect(seen).toEqual(['failed', 'failed', 'failed']);
    expect(team.supervisor.called('drain')).toEqual([]);
  });

  test('between two starts: what was not begun is not begun', async () => {
    const team = createTeam({ projects: { shop: shopYaml } });
    const { plan, situation } = await planRequest(team.host, asked({}));

    const failed: string[] = [];
    await runOperation(
      { plan },
      situation,
      offRecord((event) => {
        if (event.kind === 'started') team.write('state/applied.json', '{"schema":2}');
        if (event.kind === 'failed') failed.push(event.error);
      }),
    ).finished;

    expect(team.supervisor.called('up')).toEqual(['shop:lead']);
    expect(failed).toEqual([changed, changed]);
    expect(team.read('state/applied.json')).toBe('{"schema":2}');
  });

  test('after a drain had begun: what it did stands, and teamctl’s snapshot is not written over', async () => {
    const team = await createRunningTeam();
    team.write('team-compose.yaml', `${team.read('team-compose.yaml')}# a remark\n`);
    const { plan, situation } = await planRequest(team.host, asked({ verb: 'drain', selection: shop }));
    const theirs = `${team.read('state/applied.json')}\n`;

    const { finished } = runOperation(
      { plan },
      situation,
      offRecord(({ kind, id }) => {
        if (kind === 'drained' && id === 'shop:lead') team.write('state/applied.json', theirs);
      }),
    );

    expect(await finished).toEqual({ paused: false });
    expect(team.read('state/applied.json')).toBe(theirs);
  });

  test('another operation of Muster, on another project, is not teamctl', async () => {
    const team = await createRunningTeam({ projects: { shop: shopYaml, blog: blogYaml } });
    const both = await Promise.all([
      team.run({ selection: shop, force: true }),
      team.run({ selection: { kind: 'project', project: 'blog' }, force: true }),
    ]);

    expect(both.map(failures)).toEqual([{}, {}]);
    expect(Object.keys(team.applied()?.agents ?? {})).toEqual([
      'blog:editor',
      'shop:cart',
      'shop:lead',
      'shop:pay',
    ]);
  });
});

/** How often the snapshot was put in place since. */
function countWrites({ root }: { readonly root: string }): () => Promise<number> {
  const state = join(root, 'state');
  mkdirSync(state, { recursive: true });
  const renamed: (string | null)[] = [];
  const watcher = watch(state, (event, name) => {
    if (event === 'rename') renamed.push(name);
  });
  return async () => {
    mkdirSync(join(state, 'the-last'));
    await until('all is told', () => renamed.includes('the-last'));
    watcher.close();
    return renamed.filter((name) => name === 'applied.json').length;
  };
}
