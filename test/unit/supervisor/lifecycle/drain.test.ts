import { describe, expect, it } from 'vitest';
import type { AgentState } from '../../../../src/domain/observation.ts';
import { type Drainable, drainWith } from '../../../../src/supervisor/lifecycle/drain.ts';
import { createDrainControl } from '../../../../src/supervisor/supervisor.ts';
import { createInstantClock } from '../../../fakes/instant-clock.ts';

describe('a drain', () => {
  /** An agent on a clock of its own that notes what is done to it and when. */
  function watched(observe: (elapsedMs: number) => AgentState) {
    const clock = createInstantClock();
    const events: string[] = [];
    const note = async (what: string) => {
      events.push(`${what} ${clock.now()}`);
    };
    const agent: Drainable = {
      ask: () => note('ask'),
      askAgain: () => note('ask again'),
      async observe() {
        await note('look');
        return observe(clock.now());
      },
      force: () => note('force'),
    };
    return { clock, events, agent, patience: { pollMs: 250, clock } };
  }

  it('asks, looks at once, and is Graceful if that is all it took', async () => {
    const { agent, events, patience } = watched(() => 'stopped');

    expect(await drainWith(agent, { budgetMs: 10_000, ...patience })).toBe('Graceful');
    expect(events).toEqual(['ask 0', 'look 0']);
  });

  it('looks every 250 ms and is Graceful as soon as the agent has stopped', async () => {
    const { agent, events, patience } = watched((ms) => (ms >= 600 ? 'stopped' : 'running'));

    expect(await drainWith(agent, { budgetMs: 10_000, ...patience })).toBe('Graceful');
    expect(events).toEqual(['ask 0', 'look 0', 'look 250', 'look 500', 'look 750']);
  });

  it('uses force at the deadline, after a last look', async () => {
    const { agent, events, patience } = watched(() => 'running');

    expect(await drainWith(agent, { budgetMs: 600, ...patience })).toBe('TimedOutKilled');
    expect(events.slice(-2)).toEqual(['look 600', 'force 600']);
  });

  it('without a budget looks exactly once, and does not ask again', async () => {
    const { agent, events, patience } = watched(() => 'running');

    expect(await drainWith(agent, { budgetMs: 0, ...patience })).toBe('TimedOutKilled');
    expect(events).toEqual(['ask 0', 'look 0', 'force 0']);
  });

  it('without a budget is Graceful if the one look finds the agent stopped', async () => {
    const { agent, patience } = watched(() => 'stopped');

    expect(await drainWith(agent, { budgetMs: 0, ...patience })).toBe('Graceful');
  });

  it('takes what cannot be observed for not stopped', async () => {
    const { agent, patience } = watched(() => 'unknown');

    expect(await drainWith(agent, { budgetMs: 500, ...patience })).toBe('TimedOutKilled');
  });

  it('takes a look that fails for not stopped, and goes on looking', async () => {
    const { agent, patience } = watched((ms) => {
      if (ms < 300) throw new Error('no answer');
      return 'stopped';
    });

    expect(await drainWith(agent, { budgetMs: 1000, ...patience })).toBe('Graceful');
  });

  it('asks a second time at half the budget, once', async () => {
    const { agent, events, patience } = watched(() => 'running');

    await drainWith(agent, { budgetMs: 900, ...patience });

    expect(events.filter((event) => event.startsWith('ask'))).toEqual(['ask 0', 'ask again 450']);
  });

  it('does not begin to wait when the agent cannot be asked', async () => {
    const { agent, events, patience } = watched(() => 'running');
    const refused = { ...agent, ask: () => Promise.reject(new Error('the door is shut')) };

    await expect(drainWith(refused, { budgetMs: 900, ...patience })).rejects.toThrow('the door is shut');
    expect(events).toEqual([]);
  });

  it('waits longer when it is given more time on the way', async () => {
    const { agent, clock, events, patience } = watched((ms) => (ms >= 1400 ? 'stopped' : 'running'));
    const control = createDrainControl();
    clock.atMs(900, () => control.extend(1000));

    expect(await drainWith(agent, { budgetMs: 1000, control, ...patience })).toBe('Graceful');
    expect(events.at(-1)).toBe('look 1500');
  });

  it('looks a last time and uses force at once when it is told to kill now', async () => {
    const { agent, clock, events, patience } = watched(() => 'running');
    const control = createDrainControl();
    clock.atMs(310, control.killNow);

    expect(await drainWith(agent, { budgetMs: 60_000, control, ...patience })).toBe('TimedOutKilled');
    expect(events.slice(-2)).toEqual(['look 310', 'force 310']);
  });

  it('is Graceful if the agent has stopped when it is told to kill now', async () => {
    const { agent, clock, events, patience } = watched((ms) => (ms >= 300 ? 'stopped' : 'running'));
    const control = createDrainControl();
    clock.atMs(310, control.killNow);

    expect(await drainWith(agent, { budgetMs: 60_000, control, ...patience })).toBe('Graceful');
    expect(events.at(-1)).toBe('look 310');
  });

  it('looks at once when something tells that it is worth while, be it during a look', async () => {
    const { agent, clock, events, patience } = watched((ms) => (ms >= 310 ? 'stopped' : 'running'));
    let gone = new AbortController();
    const told = () => {
      gone.abort();
      gone = new AbortController();
    };
    clock.atMs(40, told);
    clock.atMs(310, told);
    const hinted = {
      ...agent,
      hint: () => gone.signal,
      async observe() {
        if (clock.now() === 40 && events.at(-1) !== 'look 40') told();
        return agent.observe();
      },
    };

    expect(await drainWith(hinted, { budgetMs: 60_000, ...patience })).toBe('Graceful');
    expect(events).toEqual(['ask 0', 'look 0', 'look 40', 'look 40', 'look 290', 'look 310']);
  });
});
