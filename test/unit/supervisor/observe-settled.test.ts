import { describe, expect, it } from 'vitest';
import type { Part } from '../../../src/supervisor/agent-tree.ts';
import type { FoundAgent, Whereabouts } from '../../../src/supervisor/found-agent.ts';
import { settledFind } from '../../../src/supervisor/observe-settled.ts';
import { createInstantClock } from '../../fakes/instant-clock.ts';
import { foundAgent, specOf } from './found-agents.ts';

describe('a look at many agents', () => {
  it('looks again at one of which only the loop is seen, until its agent is', async () => {
    const { find, clock, looks } = looking((name) =>
      name === 'young' && clock.now() < 60 ? 'loop' : 'agent',
    );

    expect(partsOf(await find([specOf('old'), specOf('young')]))).toEqual({ old: 'agent', young: 'agent' });
    expect(looks).toEqual([['old', 'young'], ['young'], ['young'], ['young']]);
  });

  it('takes what stays a mere loop for the agent, and waits for that once', async () => {
    const { find, clock } = looking(() => 'loop');

    expect(partsOf(await find([specOf('odd')]))).toEqual({ odd: 'loop' });
    const waitedMs = clock.now();
    await find([specOf('odd')]);

    expect(waitedMs).toBe(200);
    expect(clock.now()).toBe(waitedMs);
  });

  it('takes no loop that was seen to run an agent for one, however long it takes after it', async () => {
    const clock = createInstantClock();
    let isAlive = true;
    const loop = { pid: 11, ppid: 1, sid: 11, startTime: '1', state: 'S', name: 'sh' };
    const find = settledFind(async ([spec]): Promise<Whereabouts<FoundAgent>> => {
      const agent = foundAgent(spec ?? specOf('dev'), 'agent');
      const members = [{ process: loop, part: 'loop' as const }, ...(isAlive ? agent.members : [])];
      return { kind: 'known', agents: [{ ...agent, members, lead: isAlive ? agent.lead : loop }] };
    }, clock);
    await find([specOf('dev')]);

    isAlive = false;

    for (const _ of [1, 2]) {
      expect(await find([specOf('dev')])).toMatchObject({
        kind: 'known',
        agents: [{ lead: undefined, betweenLives: true }],
      });
    }
  });

  it('waits again for another life', async () => {
    let startTime = '1';
    const { find, clock } = looking(
      () => 'loop',
      () => startTime,
    );
    await find([specOf('odd')]);
    const before = clock.now();

    startTime = '2';
    await find([specOf('odd')]);

    expect(clock.now()).toBeGreaterThan(before);
  });

  it('is unknown as soon as nobody answers', async () => {
    const clock = createInstantClock();
    const answers: Whereabouts<FoundAgent>[] = [
      { kind: 'known', agents: [foundAgent(specOf('young'), 'loop')] },
      { kind: 'unknown', reason: 'no answer' },
    ];
    const find = settledFind(async () => answers.shift() ?? { kind: 'known', agents: [] }, clock);

    expect(await find([specOf('young')])).toEqual({ kind: 'unknown', reason: 'no answer' });
  });
});

function looking(partOf: (name: string) => Part, startTime = () => '1') {
  const clock = createInstantClock();
  const looks: string[][] = [];
  const find = settledFind(async (specs): Promise<Whereabouts<FoundAgent>> => {
    looks.push(specs.map(({ agent }) => agent));
    return {
      kind: 'known',
      agents: specs.map((spec) => foundAgent(spec, partOf(spec.agent), 12, startTime())),
    };
  }, clock);
  return { find, clock, looks };
}

function partsOf(whereabouts: Whereabouts<FoundAgent>) {
  const agents = whereabouts.kind === 'known' ? whereabouts.agents : [];
  return Object.fromEntries(agents.map(({ spec, members }) => [spec.agent, members[0]?.part]));
}
