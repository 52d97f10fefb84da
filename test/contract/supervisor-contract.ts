import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AgentSpec } from '../../src/domain/agent.ts';
import type { NotedAgent } from '../../src/domain/stop-record.ts';
import {
  createDrainControl,
  type StateChange,
  type Supervisor,
  SupervisorError,
} from '../../src/supervisor/supervisor.ts';
import { isOver, isRunning, type Watched, watched } from '../fakes/bot/watched.ts';
import type { Behaviour } from '../fakes/team/agent-tree-on-disk.ts';
import { until } from '../fakes/until.ts';
import { noteOfDeadMuster, type Succession, settledByTheNext } from './dead-muster.ts';

/** What the contract needs to know of a back-end: how to make agents for it, and how the world looks without it. */
export interface Harness extends Succession {
  /** An agent of the project `shop` that will behave so once it is up. */
  agent(name: string, behaviour: Behaviour, runtime?: string): AgentSpec;
  /** Whether the agent's program is there and ready to be asked, by other means than the supervisor. */
  isReady(agent: AgentSpec): boolean;
  /** Whether anything of the agent lives, by other means than the supervisor. */
  lives(agent: AgentSpec): boolean;
  /** Ends the agent, and what would restart it, from outside. */
  kill(agent: AgentSpec): Promise<void>;
  /** Its manager kills what outlives the first process of an agent, and may come to it before us. */
  readonly managerKills?: boolean;
  stop(): Promise<void>;
}

/** More than any machine needs; a drain that uses it up is broken, not slow. */
const ampleMs = 20_000;

/** What every back-end promises, the fake included. */
export function describeSupervisor(name: string, createHarness: () => Promise<Harness>): void {
  describe(`${name} keeps the supervisor's promises`, () => {
    let harness: Harness;
    let supervisor: Supervisor;
    let watches: Watched[] = [];

    beforeEach(async () => {
      harness = await createHarness();
      supervisor = harness.supervisor;
    });

    afterEach(async () => {
      for (const watch of watches) await watch.close();
      watches = [];
      await harness.stop();
    });

    function watching(...agents: AgentSpec[]): Watched {
      const watch = watched(supervisor, agents);
      watches.push(watch);
      return watch;
    }

    async function started(name: string, behaviour: Behaviour, runtime?: string): Promise<AgentSpec> {
      const agent = harness.agent(name, behaviour, runtime);
      await supervisor.up(agent);
      await until(`${agent.id} is ready`, () => harness.isReady(agent));
      return agent;
    }

    async function incarnation(agent: AgentSpec) {
      const observation = (await supervisor.observe([agent])).get(agent.id);
      return observation?.state === 'running' ? observation.incarnation : undefined;
    }

    it('an agent that was never started is stopped', async () => {
      const agent = harness.agent('dev', 'polite');

      expect(await supervisor.state(agent)).toBe('stopped');
    });

    it('up starts the agent', async () => {
      const agent = await started('dev', 'polite');

      expect(await supervisor.state(agent)).toBe('running');
      expect(harness.lives(agent)).toBe(true);
    });

    it('up again changes nothing', async () => {
      const agent = await started('dev', 'polite');
      const before = await incarnation(agent);

      await supervisor.up(agent);

      expect(before).toBeDefined();
      expect(await incarnation(agent)).toEqual(before);
    });

    it('of several ups at once one starts the agent and the others find it running', async () => {
      const agent = harness.agent('dev', 'polite');

      await Promise.all([1, 2, 3, 4].map(() => supervisor.up(agent)));

      expect(await supervisor.state(agent)).toBe('running');
    });

    it('up fails for an agent that is dead right after', async () => {
      const agent = harness.agent('dev', 'dies-at-once');

      await expect(supervisor.up(agent)).rejects.toBeInstanceOf(SupervisorError);
      expect(await supervisor.state(agent)).toBe('stopped');
    });

    const lastSignal = () => (harness.managerKills ? /^(?:TERM|KILL)$/ : /^KILL$/);

    it('down stops the agent at once, however stubborn', async () => {
      const agent = await started('dev', 'stubborn');

      const result = await supervisor.down(agent);

      expect(result).toMatchObject({ wasRunning: true, survivors: [] });
      expect(result.signals.at(-1)?.signal).toMatch(lastSignal());
      expect(harness.lives(agent)).toBe(false);
      expect(await supervisor.state(agent)).toBe('stopped');
    });

    it('down of an agent that is not there is no error', async () => {
      const agent = harness.agent('dev', 'polite');

      expect(await supervisor.down(agent)).toMatchObject({ wasRunning: false, signals: [], survivors: [] });
    });

    it('an agent that dies by itself is stopped', async () => {
      const agent = await started('dev', 'polite');

      await harness.kill(agent);

      await until('it is seen', async () => (await supervisor.state(agent)) === 'stopped');
    });

    it('a drained agent can be started again', async () => {
      const agent = await started('dev', 'polite');
      const before = await incarnation(agent);

      await supervisor.drain(agent, { budgetMs: ampleMs });
      await supervisor.up(agent);

      const after = await incarnation(agent);
      expect(after).toBeDefined();
      expect(after).not.toEqual(before);
    });

    it('a drain of a willing agent is Graceful, at once', async () => {
      const agent = await started('dev', 'polite');

      const result = await supervisor.drain(agent, { budgetMs: ampleMs });

      expect(result).toMatchObject({ outcome: 'Graceful', budgetMs: ampleMs, survivors: [] });
      expect(result.signals.map((sent) => sent.signal)).toEqual(['C-c']);
      expect(result.tookMs).toBeLessThan(ampleMs / 2);
      expect(harness.lives(agent)).toBe(false);
      expect(await supervisor.state(agent)).toBe('stopped');
    });

    it('a drain waits for an agent that needs time', async () => {
      const agent = await started('dev', 'slow');

      const result = await supervisor.drain(agent, { budgetMs: ampleMs });

      expect(result.outcome).toBe('Graceful');
      expect(result.tookMs).toBeGreaterThanOrEqual(250);
    });

    it('a drain of a stubborn agent waits for its budget, then kills it and says so', async () => {
      const agent = await started('dev', 'stubborn');

      const result = await supervisor.drain(agent, { budgetMs: 300 });

      expect(result).toMatchObject({ outcome: 'TimedOutKilled', budgetMs: 300, survivors: [] });
      expect(result.signals[0]?.signal).toBe('C-c');
      expect(result.signals.at(-1)?.signal).toMatch(lastSignal());
      expect(result.signals.at(-1)?.atMs).toBeGreaterThanOrEqual(300);
      expect(result.tookMs).toBeGreaterThanOrEqual(300);
      expect(harness.lives(agent)).toBe(false);
      expect(await supervisor.state(agent)).toBe('stopped');
    });

    it('a drain without a budget asks, looks once and kills', async () => {
      const agent = await started('dev', 'stubborn');

      const result = await supervisor.drain(agent, { budgetMs: 0 });

      expect(result).toMatchObject({ outcome: 'TimedOutKilled', budgetMs: 0 });
      expect(result.signals[0]?.signal).toBe('C-c');
      expect(harness.lives(agent)).toBe(false);
    });

    it('a drain of a stopped agent is Graceful and sends nothing', async () => {
      const agent = harness.agent('dev', 'polite');

      const result = await supervisor.drain(agent, { budgetMs: 0 });

      expect(result).toMatchObject({ outcome: 'Graceful', signals: [], survivors: [], lastLines: [] });
    });

    it('a runtime that wants to be asked twice is asked again at half the budget', async () => {
      const agent = await started('dev', 'two-asks', 'codex');

      const result = await supervisor.drain(agent, { budgetMs: 3000 });

      expect(result.outcome).toBe('Graceful');
      expect(result.tookMs).toBeGreaterThanOrEqual(1500);
      expect(harness.lives(agent)).toBe(false);
    });

    it('a running drain can be given more time', async () => {
      const agent = await started('dev', 'slow');
      const control = createDrainControl();
      control.extend(ampleMs);

      const result = await supervisor.drain(agent, { budgetMs: 20, control });

      expect(result).toMatchObject({ outcome: 'Graceful', budgetMs: 20 + ampleMs });
    });

    it('a running drain can be turned into a kill', async () => {
      const agent = await started('dev', 'stubborn');
      const control = createDrainControl();

      const draining = supervisor.drain(agent, { budgetMs: ampleMs, control, onNoted: control.killNow });

      expect(await draining).toMatchObject({ outcome: 'TimedOutKilled', survivors: [] });
      expect((await draining).tookMs).toBeLessThan(ampleMs / 2);
    });

    it('what will be stopped is told before the first signal', async () => {
      const agent = await started('dev', 'polite');
      const running = await incarnation(agent);
      const noted: NotedAgent[] = [];

      await supervisor.drain(agent, {
        budgetMs: ampleMs,
        onNoted: (told) => {
          expect(harness.lives(agent)).toBe(true);
          noted.push(told);
        },
      });

      expect(noted).toHaveLength(1);
      expect(noted[0]?.incarnation).toEqual(running);
      expect(noted[0]?.bootId).toBe(running?.bootId);
      expect(noted[0]?.processes.map((process) => process.pid)).toContain(running?.pid);
      expect(await Promise.all(noted.map((told) => supervisor.whatIsLeft(agent, told)))).toEqual([[]]);
      expect(noted.map(({ bootId }) => supervisor.isSameBoot(agent, bootId))).toEqual([true]);
    });

    it('a refusal to note what will be stopped leaves the agent alone', async () => {
      const agent = await started('dev', 'polite');
      const onNoted = () => Promise.reject(new Error('the journal is full'));

      await expect(supervisor.drain(agent, { budgetMs: 0, onNoted })).rejects.toThrow('the journal is full');
      await expect(supervisor.down(agent, { onNoted })).rejects.toThrow('the journal is full');

      expect(harness.lives(agent)).toBe(true);
    });

    it('the last lines are those printed before the first signal', async () => {
      const agent = await started('dev', 'polite');
      await until('it has printed', async () => (await supervisor.lastLines(agent, 5)).includes('ready'));

      const noted: NotedAgent[] = [];
      const onNoted = (told: NotedAgent) => {
        noted.push(told);
      };

      const result = await supervisor.drain(agent, { budgetMs: ampleMs, onNoted });

      expect(result.lastLines).toContain('ready');
      expect(result.lastLines).not.toContain('bye');
      expect(noted).toEqual([expect.objectContaining({ lastLines: result.lastLines })]);
      expect(await supervisor.lastLines(harness.agent('idle', 'polite'), 5)).toEqual([]);
    });

    describe('a drain whose Muster died in the middle of it', () => {
      it('is gone on with by another one in the time that is left: Graceful, if the agent ends', async () => {
        const agent = await started('dev', 'two-asks');
        const noted = await noteOfDeadMuster(harness, agent, ampleMs);
        // A terminal shows the key in front of it.
        const isAsked = async () => /again, please$/m.test((await supervisor.lastLines(agent, 5)).join('\n'));
        if (harness.drainThatDies) await until('the dead Muster’s ask has come', isAsked);
        expect(harness.lives(agent)).toBe(true);

        const events = await settledByTheNext(harness, agent, { noted, budgetMs: ampleMs, agoMs: 1000 });

        expect(events).toMatchObject([
          { kind: 'drained', result: { outcome: 'Graceful', budgetMs: ampleMs, survivors: [] } },
        ]);
        expect(harness.lives(agent)).toBe(false);
        expect(await supervisor.state(agent)).toBe('stopped');
      });

      it('is ended by another one past its deadline: TimedOutKilled, and by how much it was late', async () => {
        const agent = await started('dev', 'stubborn');
        const noted = await noteOfDeadMuster(harness, agent, ampleMs);
        expect(harness.lives(agent)).toBe(true);

        const late = { noted, budgetMs: ampleMs, agoMs: ampleMs + 1000 };
        const events = await settledByTheNext(harness, agent, late);

        expect(events).toMatchObject([
          { kind: 'forcing' },
          {
            kind: 'drained',
            result: { outcome: 'TimedOutKilled', budgetMs: ampleMs, survivors: [] },
            lateMs: expect.any(Number),
          },
        ]);
        expect(harness.lives(agent)).toBe(false);
        expect(await supervisor.state(agent)).toBe('stopped');
      });

      it('was Graceful if all of the agent has gone meanwhile, in time: nothing is done', async () => {
        const agent = await started('dev', 'two-asks');
        const noted = await noteOfDeadMuster(harness, agent, ampleMs);
        await harness.kill(agent);
        await until('nothing lives', () => !harness.lives(agent));

        const events = await settledByTheNext(harness, agent, { noted, budgetMs: ampleMs, agoMs: 1000 });

        expect(events).toMatchObject([{ kind: 'drained', result: { outcome: 'Graceful', signals: [] } }]);
      });

      it('is no business of the life that the agent has begun since, which is left alone', async () => {
        const agent = await started('dev', 'two-asks');
        const noted = await noteOfDeadMuster(harness, agent, ampleMs);
        await harness.kill(agent);
        await until('nothing lives', () => !harness.lives(agent));
        await supervisor.up(agent);
        await until(`${agent.id} is ready`, () => harness.isReady(agent));
        const before = await incarnation(agent);

        const late = { noted, budgetMs: ampleMs, agoMs: ampleMs + 1000 };
        const events = await settledByTheNext(harness, agent, late);

        expect(events).toMatchObject([{ kind: 'left' }]);
        expect(before).toBeDefined();
        expect(await incarnation(agent)).toEqual(before);
        expect(harness.lives(agent)).toBe(true);
      });
    });

    it('observe answers for every agent asked for, and tells lives apart', async () => {
      const running = await started('dev', 'polite');
      const idle = harness.agent('idle', 'polite');

      const seen = await supervisor.observe([running, idle]);

      expect(seen.get(running.id)).toMatchObject({ state: 'running', since: expect.any(Date) });
      expect(seen.get(idle.id)).toMatchObject({ state: 'stopped', restarting: false });
    });

    it('no verb on a stopped agent touches neighbours whose names begin or end like its own', async () => {
      const dev = harness.agent('dev', 'polite');
      const names = ['dev2', 'dev-2', 'dev-w', 'xdev', 'de'];
      const neighbours = await Promise.all(names.map((name) => started(name, 'polite')));
      const before = await Promise.all(neighbours.map(incarnation));

      expect(await supervisor.state(dev)).toBe('stopped');
      expect(await supervisor.lastLines(dev, 5)).toEqual([]);
      expect((await supervisor.drain(dev, { budgetMs: 0 })).signals).toEqual([]);
      expect((await supervisor.down(dev)).wasRunning).toBe(false);
      await supervisor.up(dev);
      expect((await supervisor.drain(dev, { budgetMs: ampleMs })).outcome).toBe('Graceful');

      expect(before).not.toContain(undefined);
      expect(await Promise.all(neighbours.map(incarnation))).toEqual(before);
    });

    it('drains run side by side: many stubborn agents cost one budget', async () => {
      const names = Array.from({ length: 8 }, (_, index) => `w${index}`);
      const agents = await Promise.all(names.map((name) => started(name, 'stubborn')));
      const startedAt = performance.now();

      const results = await Promise.all(agents.map((agent) => supervisor.drain(agent, { budgetMs: 1500 })));

      expect(results.map((result) => result.outcome)).toEqual(agents.map(() => 'TimedOutKilled'));
      const inTurn = results.reduce((sum, { tookMs }) => sum + tookMs, 0);
      expect(performance.now() - startedAt).toBeLessThan(inTurn / 2);
    });

    it('a watch tells first how each agent is', async () => {
      const dev = await started('dev', 'polite');
      const idle = harness.agent('idle', 'polite');

      const watch = watching(dev, idle);

      await watch.sees(dev, isRunning);
      await watch.sees(idle, isOver);
      expect(watch.changes.map(({ before }) => before)).toEqual([undefined, undefined]);
      expect(watch.of(dev)[0]?.after).toMatchObject({ incarnation: await incarnation(dev) });
    });

    it('a watch tells a start, an end from outside and another life, each with what was before', async () => {
      const dev = harness.agent('dev', 'polite');
      const watch = watching(dev);
      await watch.sees(dev, isOver);

      await supervisor.up(dev);
      const first = await watch.sees(dev, isRunning);
      await harness.kill(dev);
      await watch.sees(dev, isOver);
      await until('nothing lives', () => !harness.lives(dev));
      await supervisor.up(dev);
      const second = await watch.sees(dev, isRunning);

      expect(first).not.toMatchObject({
        incarnation: (second as typeof first & { incarnation: unknown }).incarnation,
      });
      expect(second).toMatchObject({ incarnation: await incarnation(dev) });
      expect(watch.breaks()).toEqual([]);
    });

    it('a watch tells what down and drain did', async () => {
      const [one, two] = [await started('one', 'stubborn'), await started('two', 'polite')];
      const watch = watching(one, two);
      await watch.sees(one, isRunning);
      await watch.sees(two, isRunning);

      await Promise.all([supervisor.down(one), supervisor.drain(two, { budgetMs: ampleMs })]);

      await watch.sees(one, isOver);
      await watch.sees(two, isOver);
      expect(watch.breaks()).toEqual([]);
    });

    it('a watch follows other agents when it is told to, without beginning again', async () => {
      const [one, two] = [await started('one', 'polite'), await started('two', 'polite')];
      const watch = watching(one);
      await watch.sees(one, isRunning);

      watch.follow([one, two]);
      await watch.sees(two, isRunning);
      watch.follow([two]);
      await harness.kill(one);
      await harness.kill(two);
      await watch.sees(two, isOver);

      expect(watch.of(one)).toHaveLength(1);
    });

    it('a watch that is closed tells nothing more, and leaves the agents alone', async () => {
      const dev = await started('dev', 'polite');
      const watch = watching(dev);
      await watch.sees(dev, isRunning);

      await watch.close();
      const told = watch.changes.length;
      await supervisor.down(dev);
      const other = watching(dev);
      await other.sees(dev, isOver);

      expect(watch.changes).toHaveLength(told);
    });

    it('of many agents that end at once a watch misses none and tells none twice', async () => {
      const names = Array.from({ length: 8 }, (_, index) => `w${index}`);
      const agents = await Promise.all(names.map((name) => started(name, 'polite')));
      const watch = watching(...agents);
      for (const agent of agents) await watch.sees(agent, isRunning);

      await Promise.all(agents.map((agent) => harness.kill(agent)));

      for (const agent of agents) await watch.sees(agent, isOver);
      const ended = ({ before, after }: StateChange) =>
        before?.state === 'running' && after.state !== 'running';
      expect(agents.map((agent) => watch.of(agent).filter(ended).length)).toEqual(agents.map(() => 1));
      expect(watch.breaks()).toEqual([]);
    });
  });
}
