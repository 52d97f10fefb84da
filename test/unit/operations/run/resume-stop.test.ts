import { describe, expect, test, vi } from 'vitest';
import type { AgentId } from '../../../../src/domain/agent.ts';
import type { Observation } from '../../../../src/domain/observation.ts';
import type { DownResult, NotedAgent } from '../../../../src/domain/stop-record.ts';
import { resumeStop, type StopToResume } from '../../../../src/operations/run/resume-stop.ts';

const id: AgentId = 'shop:pay';
const life = { pid: 7, startTime: '70', bootId: 'boot-1' };
const noted: NotedAgent = {
  bootId: 'boot-1',
  incarnation: life,
  processes: [
    { pid: 6, startTime: '60', part: 'loop' },
    { pid: 7, startTime: '70', part: 'agent' },
  ],
  lastLines: ['before the first signal'],
};
const asked = 1_000_000;
const record = { signals: [], survivors: [], strays: [], lastLines: ['last words'], tookMs: 3 };
const killed: DownResult = { ...record, wasRunning: true };

const running: Observation = { state: 'running', incarnation: life, since: new Date(0) };
const another: Observation = { ...running, incarnation: { ...life, pid: 8 } };
const stopped: Observation = { state: 'stopped', restarting: false };
const sleeping: Observation = { state: 'stopped', restarting: true };
const endedAt = (ms: number): Observation => ({
  ...stopped,
  lastEnd: { kind: 'exited', code: 0, at: new Date(ms) },
});

/** A drain with a budget of 10 s that was asked for at `asked` and is taken up `afterMs` later. */
function resumed(afterMs: number, change: Partial<StopToResume> & { alive?: ('agent' | 'loop')[] } = {}) {
  const { alive = [], ...rest } = change;
  const spies = {
    kill: vi.fn(async () => killed),
    goOn: vi.fn(async (budgetMs: number) => ({
      kind: 'drained' as const,
      id,
      at: new Date(asked),
      result: { ...record, outcome: 'Graceful' as const, budgetMs },
    })),
    forcing: vi.fn(),
  };
  const stop: StopToResume = {
    id,
    phase: { kind: 'draining', since: new Date(asked), budgetMs: 10_000, noted },
    seen: stopped,
    left: noted.processes.filter(({ part }) => alive.includes(part)),
    ...spies,
    now: () => asked + afterMs,
    ...rest,
  };
  return { stop: spies, event: resumeStop(stop) };
}

describe('a drain that a dead process began', () => {
  test('is Graceful if all is gone before the deadline', async () => {
    const { event, stop } = resumed(4000);

    expect(await event).toMatchObject({ kind: 'drained', result: { outcome: 'Graceful', tookMs: 4000 } });
    expect(stop.kill).not.toHaveBeenCalled();
  });

  test('is Graceful after the deadline, if the agent is known to have ended before it', async () => {
    const { event } = resumed(60_000, { seen: endedAt(asked + 9000) });

    expect(await event).toMatchObject({
      kind: 'drained',
      at: new Date(asked + 9000),
      result: { outcome: 'Graceful', tookMs: 9000, budgetMs: 10_000 },
    });
  });

  test('is TimedOutKilled if it was killed after the deadline, by whomever', async () => {
    const killedAt = new Date(asked + 11_000);
    const seen: Observation = { ...stopped, lastEnd: { kind: 'signalled', signal: 'KILL', at: killedAt } };

    const { event } = resumed(60_000, { seen });

    expect(await event).toMatchObject({
      kind: 'drained',
      result: { outcome: 'TimedOutKilled', tookMs: 11_000, signals: [{ signal: 'KILL', atMs: 11_000 }] },
    });
  });

  test.each([
    ['nobody knows when it ended', stopped, 'nobody can tell whether in time'],
    ['it ended after the deadline, of itself', endedAt(asked + 11_000), 'by itself, after its budget'],
    ['all that is known is how the life before it ended', endedAt(asked - 1), 'nobody can tell whether'],
  ])('has no outcome if all is gone after the deadline and %s', async (_what, seen, why) => {
    const { event, stop } = resumed(60_000, { seen });

    expect(await event).toMatchObject({ kind: 'gone', why: expect.stringContaining(why) });
    expect(stop.forcing).not.toHaveBeenCalled();
  });

  test('is TimedOutKilled if force was decided on and all is gone', async () => {
    const forcedAt = new Date(asked + 10_000);
    const phase = { kind: 'draining', since: new Date(asked), budgetMs: 10_000, noted, forcedAt } as const;

    const { event, stop } = resumed(60_000, { phase, seen: endedAt(asked + 10_200) });

    expect(await event).toMatchObject({
      kind: 'drained',
      result: {
        outcome: 'TimedOutKilled',
        tookMs: 10_200,
        budgetMs: 10_000,
        lastLines: ['before the first signal'],
      },
    });
    expect(await event).not.toHaveProperty('lateMs');
    expect(stop.kill).not.toHaveBeenCalled();
  });

  test.each([
    ['at its deadline', asked + 10_000, {}, 10_000],
    ['late, by a Muster that died as well', asked + 70_000, { lateMs: 60_000 }, 70_000],
  ])(
    'took until the force that was decided on %s, if nobody knows when it ended',
    async (_when, at, late, tookMs) => {
      const since = new Date(asked);
      const phase = {
        kind: 'draining',
        since,
        budgetMs: 10_000,
        noted,
        forcedAt: new Date(at),
        ...late,
      } as const;

      const { event } = resumed(3_600_000, { phase });

      expect(await event).toMatchObject({ result: { outcome: 'TimedOutKilled', tookMs }, ...late });
    },
  );

  test('goes on with the rest of its time if the agent lives', async () => {
    const phase = { kind: 'draining', since: new Date(asked), budgetMs: 10_000, noted } as const;
    const { event, stop } = resumed(4000, { phase, alive: ['agent', 'loop'], seen: running });

    expect(await event).toMatchObject({
      kind: 'drained',
      result: { outcome: 'Graceful', tookMs: 4000, budgetMs: 10_000 },
    });
    expect(stop.goOn).toHaveBeenCalledExactlyOnceWith(6000, phase);
  });

  test('tells the moments of what it sends from when the stop was ordered', async () => {
    const signals = [{ signal: 'HUP', atMs: 5, processes: 1 }];
    const kill = async () => ({ ...killed, signals });

    const { event } = resumed(70_000, { alive: ['agent'], seen: running, kill });

    expect(await event).toMatchObject({ result: { signals: [{ signal: 'HUP', atMs: 70_005 }] } });
  });

  test('kills what lives past the deadline, and says how late', async () => {
    const { event, stop } = resumed(70_000, { alive: ['agent'], seen: running });

    expect(await event).toMatchObject({
      kind: 'drained',
      lateMs: 60_000,
      result: { outcome: 'TimedOutKilled', budgetMs: 10_000, tookMs: 70_000, lastLines: ['last words'] },
    });
    expect(stop.forcing).toHaveBeenCalledExactlyOnceWith(60_000);
    expect(stop.forcing).toHaveBeenCalledBefore(stop.kill);
    expect(stop.goOn).not.toHaveBeenCalled();
  });

  test('that somebody had cut short kills at once', async () => {
    const phase = {
      kind: 'draining',
      since: new Date(asked),
      budgetMs: 10_000,
      noted,
      cutShort: true,
    } as const;

    const { event } = resumed(2000, { alive: ['agent'], seen: running, phase });

    expect(await event).toMatchObject({ kind: 'drained', result: { outcome: 'TimedOutKilled' } });
    expect(await event).not.toHaveProperty('lateMs');
  });

  test('leaves a life alone that began since', async () => {
    const { event, stop } = resumed(60_000, { alive: ['loop'], seen: another });

    expect(await event).toMatchObject({ kind: 'left', why: expect.stringContaining('left alone') });
    expect(stop.kill).not.toHaveBeenCalled();
    expect(stop.goOn).not.toHaveBeenCalled();
  });

  test('ends a loop that only sleeps, and judges the agent by itself', async () => {
    const { event, stop } = resumed(60_000, {
      alive: ['loop'],
      seen: { ...sleeping, lastEnd: { kind: 'exited', code: 0, at: new Date(asked + 500) } },
    });

    expect(await event).toMatchObject({ kind: 'drained', result: { outcome: 'Graceful', tookMs: 500 } });
    expect(stop.goOn).toHaveBeenCalledOnce();
    expect(stop.kill).not.toHaveBeenCalled();
  });
});

describe('a hard down that a dead process began', () => {
  const phase = { kind: 'killing', noted } as const;

  test('is done if all is gone', async () => {
    const { event, stop } = resumed(1000, { phase });

    const lastLines = noted.lastLines;
    expect(await event).toMatchObject({ kind: 'killed', result: { wasRunning: true, lastLines } });
    expect(stop.kill).not.toHaveBeenCalled();
  });

  test('is carried out if anything lives', async () => {
    const { event, stop } = resumed(1000, { phase, alive: ['agent'], seen: running });

    expect(await event).toMatchObject({ kind: 'killed', result: killed });
    expect(stop.kill).toHaveBeenCalledOnce();
  });
});
