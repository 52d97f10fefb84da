import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createDeadManSwitch, type ScheduledMessages } from '../../../../src/slack/alerts/dead-man-switch.ts';
import {
  createManualTimers,
  hour,
  type ManualTimers,
  minute,
  second,
  start,
} from '../../../fakes/manual-timers.ts';

/** Slack as its documentation has it: thirty in five minutes of one channel, none taken back in its last minute. */
function scheduler(timers: ManualTimers) {
  const messages = new Map<string, number>();
  const posted: number[] = [];
  const everScheduled: number[] = [];
  let lastId = 0;

  function settle(): void {
    for (const [id, postAt] of messages) {
      if (postAt > timers.now()) continue;
      messages.delete(id);
      posted.push(postAt);
    }
  }

  async function call<Result>(work: () => Result): Promise<Result> {
    world.calls += 1;
    await world.wait();
    settle();
    const answer = world.answer();
    if (answer === 'refused') throw new Error('service_unavailable');
    const result = work();
    if (answer === 'lost') throw new Error('no answer');
    return result;
  }

  const world = {
    /** What becomes of a call: done, refused, or done without an answer. */
    answer: (): 'done' | 'refused' | 'lost' => 'done',
    /** Before a call arrives. */
    wait: (): Promise<void> => Promise.resolve(),
    calls: 0,
    mostInWindow: 0,
    pending: () => {
      settle();
      return messages.size;
    },
    posted: () => {
      settle();
      return posted;
    },
  };

  function scheduled(at: number): string {
    const near = everScheduled.filter((other) => Math.abs(other - at) < 5 * minute);
    world.mostInWindow = Math.max(world.mostInWindow, near.length + 1);
    if (near.length >= 30) throw new Error('restricted_too_many');
    everScheduled.push(at);
    if (everScheduled.length > 100) everScheduled.shift();
    const id = `Q${++lastId}`;
    messages.set(id, at);
    return id;
  }

  const methods: ScheduledMessages = {
    schedule: ({ postAt }) => call(() => scheduled(postAt.getTime())),
    pending: () => call(() => [...messages].map(([id, at]) => ({ id, postAt: new Date(at) }))),
    remove: (id) =>
      call(() => {
        const postAt = messages.get(id);
        if (postAt !== undefined && postAt - timers.now() < minute) throw new Error('too late');
        messages.delete(id);
      }),
  };
  return Object.assign(world, { methods });
}

function worldOfSwitch() {
  const timers = createManualTimers(start);
  const slack = scheduler(timers);
  const begun = () => {
    const next = createDeadManSwitch({ messages: slack.methods, timers, onError: () => undefined });
    next.start();
    return next;
  };
  return { timers, slack, begun };
}

describe('the message that says that Muster is silent', () => {
  test('never appears in a thousand hours of health, within what Slack allows', async () => {
    const { timers, slack, begun } = worldOfSwitch();
    begun();
    await timers.live(1000 * hour);

    expect(slack.posted()).toEqual([]);
    expect(slack.pending()).toBe(1);
    expect(slack.mostInWindow).toBeLessThan(30);
    // One to schedule and one to remove every minute; Slack allows fifty of each.
    expect(slack.calls / (1000 * 60)).toBeCloseTo(2, 1);
  }, 60_000);

  test('appears within ten minutes of a death, once', async () => {
    const { timers, slack, begun } = worldOfSwitch();
    begun();
    await timers.live(3 * hour + 40 * second);
    const diedAt = timers.now();
    timers.clear();
    await timers.live(hour);

    expect(slack.posted()).toHaveLength(1);
    expect(slack.posted()[0]).toBeGreaterThan(diedAt);
    expect(slack.posted()[0]).toBeLessThanOrEqual(diedAt + 10 * minute);
  });

  test('does not appear after a restart in time', async () => {
    const { timers, slack, begun } = worldOfSwitch();
    begun();
    await timers.live(hour);
    timers.clear();
    await timers.live(6 * minute);
    begun();
    await timers.live(hour);

    expect(slack.posted()).toEqual([]);
  });

  test('is withdrawn when Muster is stopped', async () => {
    const { timers, slack, begun } = worldOfSwitch();
    const stopped = begun();
    await timers.live(hour + second);
    await stopped.stop();
    await timers.live(hour);

    expect(slack.pending()).toBe(0);
    expect(slack.posted()).toEqual([]);
  });

  test('is withdrawn also if Muster is stopped while it is being pushed ahead', async () => {
    const { timers, slack, begun } = worldOfSwitch();
    const stopped = begun();
    slack.wait = () => new Promise((resolve) => setImmediate(resolve));
    timers.advance(0);
    await stopped.stop();
    const { calls } = slack;
    await timers.live(hour);
    expect(slack.calls).toBe(calls);

    expect(slack.pending()).toBe(0);
  });

  test('is not scheduled beyond what Slack allows by a Muster that starts over and over', async () => {
    const { timers, slack, begun } = worldOfSwitch();
    for (let round = 0; round < 500; round += 1) {
      begun();
      await timers.live(2 * second);
      timers.clear();
    }
    begun();
    await timers.live(hour);

    expect(slack.mostInWindow).toBeLessThan(30);
    expect(slack.posted()).toEqual([]);
  });

  test('does not appear while Slack answers at least once in five minutes, and appears when Muster dies all the same', async () => {
    const outage = fc.record({
      healthyMinutes: fc.integer({ min: 1, max: 30 }),
      outageSeconds: fc.integer({ min: 1, max: 300 }),
      answer: fc.constantFrom('refused', 'lost', 'either'),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(outage, { maxLength: 12 }), async (outages) => {
        const { timers, slack, begun } = worldOfSwitch();
        begun();
        let odd = false;
        for (const { healthyMinutes, outageSeconds, answer } of outages) {
          slack.answer = () => 'done';
          await timers.live(healthyMinutes * minute);
          slack.answer = () => {
            odd = !odd;
            if (answer === 'either') return odd ? 'lost' : 'refused';
            return answer as 'refused' | 'lost';
          };
          await timers.live(outageSeconds * second);
        }
        slack.answer = () => 'done';
        await timers.live(2 * minute);
        expect(slack.posted()).toEqual([]);
        expect(slack.pending()).toBe(1);
        expect(slack.mostInWindow).toBeLessThan(30);

        timers.clear();
        const diedAt = timers.now();
        await timers.live(hour);
        expect(slack.posted().map((at) => at > diedAt && at <= diedAt + 10 * minute)).toEqual([true]);
      }),
      { numRuns: 100 },
    );
  }, 60_000);
});
