import { describe, expect, it } from 'vitest';
import { settledFind } from '../../../../src/supervisor/lifecycle/observe-settled.ts';
import { leadOf, type Member, type Part } from '../../../../src/supervisor/process/agent-tree.ts';
import type { FoundAgent, Whereabouts } from '../../../../src/supervisor/process/found-agent.ts';
import type { Process } from '../../../../src/supervisor/process/process-table.ts';
import { createInstantClock } from '../../../fakes/instant-clock.ts';
import { foundAgent, specOf } from '../process/found-agents.ts';

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

  describe('at a loop that was seen to run an agent', () => {
    const loop = { pid: 11, ppid: 1, sid: 11, startTime: '1', state: 'S', name: 'sh' };
    const agent = { ...loop, pid: 12, ppid: 11, name: 'claude' };
    const left = { ...loop, pid: 13, ppid: 1, name: 'npx' };

    /** What each look finds after those that found this. */
    async function lookAfter(courses: readonly (readonly Process[])[]) {
      let members: readonly Member[] = [];
      const find = settledFind(async ([spec = specOf('dev')]): Promise<Whereabouts<FoundAgent>> => {
        const found = { ...foundAgent(spec, 'agent'), members, lead: leadOf(members) };
        return { kind: 'known', agents: [found] };
      }, createInstantClock());
      for (const [index, processes] of courses.entries()) {
        members = processes.map((process) => ({ process, part: process === loop ? 'loop' : 'agent' }));
        const whereabouts = await find([specOf('dev')]);
        if (index === courses.length - 1) return whereabouts.kind === 'known' && whereabouts.agents[0];
      }
      return undefined;
    }

    it.each([
      ['the loop', [[loop, agent], [loop]]],
      ['the loop, however often one looks', [[loop, agent], [loop], [loop]]],
      ['the loop, though it was long in beginning', [[loop], [loop, agent], [loop]]],
      [
        'what the agent has left behind',
        [
          [loop, agent, left],
          [loop, left],
          [loop, left],
        ],
      ],
    ])('takes for none once it is dead: %s', async (_, courses) => {
      expect(await lookAfter(courses)).toMatchObject({ lead: undefined, betweenLives: true });
    });

    it('waits once for one that has outlived its session, loop and all', async () => {
      const clock = createInstantClock();
      const members = [loop, agent].map((process) => ({
        process,
        part: process === loop ? ('loop' as const) : ('agent' as const),
      }));
      const find = settledFind(async ([spec = specOf('dev')]): Promise<Whereabouts<FoundAgent>> => {
        const found = { ...foundAgent(spec, 'agent'), members, lead: agent, outlived: true as const };
        return { kind: 'known', agents: [found] };
      }, clock);

      await find([specOf('dev')]);
      const waitedMs = clock.now();
      await find([specOf('dev')]);

      expect(clock.now()).toBe(waitedMs);
    });

    it('takes the agent for what it was though it has lost its parent', async () => {
      const orphan = { ...agent, ppid: 1 };

      expect(
        await lookAfter([
          [loop, agent],
          [loop, orphan],
        ]),
      ).toMatchObject({ lead: orphan });
    });
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
