import { describe, expect, it } from 'vitest';
import { settled } from '../../../../src/supervisor/lifecycle/start-settled.ts';
import type { FoundAgent } from '../../../../src/supervisor/process/found-agent.ts';
import { createInstantClock } from '../../../fakes/instant-clock.ts';
import { foundAgent, specOf } from '../process/found-agents.ts';

describe('a start', () => {
  it('is settled when one life has lasted', async () => {
    const { found, tookMs } = await settling(() => foundAgent(dev, 'agent'));

    expect(found.lead?.pid).toBe(12);
    expect(tookMs).toBe(300);
  });

  it('is looked at no more often than can tell anything', async () => {
    const looks: number[] = [];
    await settling((now) => {
      looks.push(now);
      return foundAgent(dev, now < 100 ? 'loop' : 'agent');
    });

    expect(looks).toEqual([0, 50, 100, 400]);
  });

  it('is not settled by what its loop runs before the agent', async () => {
    const { found, tookMs } = await settling((now) => foundAgent(dev, 'agent', now < 200 ? 11 : 12));

    expect(found.lead?.pid).toBe(12);
    expect(tookMs).toBe(600);
  });

  it('gives a life that begins as its patience ends the time to last', async () => {
    const { found, tookMs } = await settling((now) => foundAgent(dev, 'agent', now < 2300 ? 1000 + now : 12));

    expect(found.lead?.pid).toBe(12);
    expect(tookMs).toBe(2700);
  });

  it('takes a wrapper for the agent, too, that has run something else and goes on with nothing', async () => {
    const { found, tookMs } = await settling((now) => foundAgent(dev, now < 100 ? 'agent' : 'loop'));

    expect(found.lead?.pid).toBe(12);
    expect(tookMs).toBe(2600);
  });

  it('waits for a launcher and a wrapper as long as they get on, however busy the host is', async () => {
    const { found, tookMs } = await settling((now) =>
      now < 8000 ? foundAgent(dev, 'loop', 1000 + Math.floor(now / 2000)) : foundAgent(dev, 'agent'),
    );

    expect(found.members).toMatchObject([{ part: 'agent' }]);
    expect(tookMs).toBe(8300);
  });

  it('does not wait for ever for a wrapper that does this and that and starts nothing', async () => {
    const { found, tookMs } = await settling((now) => foundAgent(dev, 'loop', 1000 + now));

    expect(found.lead).toBeDefined();
    expect(tookMs).toBe(12_250);
  });

  it('has failed if one life follows the other, too quickly to be seen to end', async () => {
    const { found } = await settling((now) => foundAgent(dev, 'agent', 12 + now));

    expect(found.lead).toBeUndefined();
  });

  it('has failed if nothing lives by the time it should have lasted', async () => {
    const { found } = await settling((now) => {
      const agent = foundAgent(dev, 'agent');
      return now < 100 ? agent : { ...agent, members: [], lead: undefined };
    });

    expect(found.lead).toBeUndefined();
  });

  it('takes a wrapper that starts nothing it can be told from for the agent', async () => {
    const { found, tookMs } = await settling(() => foundAgent(dev, 'loop'));

    expect(found.lead?.pid).toBe(12);
    expect(tookMs).toBe(2300);
  });
});

const dev = specOf('dev');

async function settling(foundAt: (now: number) => FoundAgent) {
  const clock = createInstantClock();
  const found = await settled(async () => foundAt(clock.now()), { settleMs: 300, pollMs: 50, clock });
  return { found, tookMs: clock.now() };
}
