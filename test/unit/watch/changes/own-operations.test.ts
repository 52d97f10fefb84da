import { describe, expect, test } from 'vitest';
import type { AgentId } from '../../../../src/domain/agent.ts';
import type { OperationEvent } from '../../../../src/domain/operation-event.ts';
import type { DownResult } from '../../../../src/domain/stop-record.ts';
import { createOperationLog } from '../../../../src/operations/records/operation-log.ts';
import { hour, minute, second } from '../../../fakes/manual-timers.ts';
import { exited, signalled, type WatchUnderTest, watchUnderTest } from '../watch-under-test.ts';

const id: AgentId = 'shop:pay';
const stopped: DownResult = {
  wasRunning: true,
  tookMs: 10,
  signals: [],
  survivors: [],
  strays: [],
  lastLines: [],
};

/** An operation that another process of Muster does on the same host. */
function operationIn(world: WatchUnderTest) {
  const log = createOperationLog(world.journal, { pid: 1, startTime: '1', bootId: 'boot-1' });
  const operation = {
    id: 'O-7k2m9x',
    request: {
      verb: 'reload' as const,
      selection: { kind: 'project' as const, project: 'shop' },
      force: false,
      askedBy: 'U0ANA00000',
      text: '/team reload shop',
    },
    plan: { steps: [] },
    startedAt: new Date(world.timers.now()),
  };
  log.begin(operation);
  return {
    does(kind: 'killing' | 'killed' | 'starting' | 'started' | 'failed') {
      const at = new Date(world.timers.now());
      const event: OperationEvent =
        kind === 'killed'
          ? { id, at, kind, result: stopped }
          : kind === 'failed'
            ? { id, at, kind, error: 'dead right after' }
            : { id, at, kind };
      log.record(operation, event);
    },
    finishes: () => log.finish(operation, { at: new Date(world.timers.now()) }),
  };
}

describe('what an operation does to an agent', () => {
  test('is no news while it does it, nor when it is seen only afterwards', () => {
    const world = watchUnderTest();
    world.starts(id);
    world.passes(hour);
    const operation = operationIn(world);
    operation.does('killing');
    world.passes(second);
    world.dies(id, signalled('KILL', world.timers.now()));
    operation.does('killed');
    operation.does('starting');
    world.passes(second);
    world.starts(id);
    operation.does('started');
    operation.finishes();
    world.passes(hour);

    expect(world.alerts).toEqual([]);
  });

  test('is no news while it is not over yet', () => {
    const world = watchUnderTest();
    world.starts(id);
    world.passes(hour);
    operationIn(world).does('killing');
    world.dies(id, signalled('KILL', world.timers.now()));
    world.passes(minute);

    expect(world.alerts).toEqual([]);
  });

  test('does not make an agent wanted up whose loop is quicker than its stop', () => {
    const world = watchUnderTest();
    world.starts(id);
    world.passes(hour);
    world.wanted.set([id], 'down', 'U0ANA00000');
    const operation = operationIn(world);
    operation.does('killing');
    world.dies(id, signalled('KILL', world.timers.now()));
    world.passes(second);
    world.starts(id);
    world.passes(second);
    world.dies(id, signalled('KILL', world.timers.now()));
    operation.does('killed');
    operation.finishes();
    world.passes(hour);

    expect(world.wanted.of(id)).toMatchObject({ state: 'down', by: 'U0ANA00000' });
    expect(world.alerts).toEqual([]);
  });

  test('does not cover the death of what has survived it', () => {
    const world = watchUnderTest();
    world.starts(id);
    world.passes(hour);
    const operation = operationIn(world);
    operation.does('killing');
    operation.does('killed');
    operation.does('failed');
    operation.finishes();
    world.passes(hour);
    world.dies(id, signalled('KILL', world.timers.now()));
    world.passes(second);

    expect(world.messages()).toMatchObject([{ agents: [{ death: { kind: 'died', livedMs: 2 * hour } }] }]);
  });

  test('is no news to a Muster that was not there', () => {
    const world = watchUnderTest();
    world.starts(id);
    world.passes(hour);
    world.restarts({
      planned: true,
      afterMs: hour,
      meanwhile() {
        const operation = operationIn(world);
        operation.does('killing');
        operation.does('killed');
        operation.finishes();
        const lastEnd = signalled('KILL', world.timers.now());
        world.changes(id, { state: 'stopped', restarting: false, lastEnd });
      },
    });
    world.passes(minute);

    expect(world.alerts).toEqual([]);
  });

  test('is no news to a Muster that comes long after the one that died on the way, and cannot tell when the agent ended', () => {
    const world = watchUnderTest();
    world.starts(id);
    world.passes(hour);
    const operation = operationIn(world);
    operation.does('killing');
    world.passes(second);
    operation.does('killed');
    world.changes(id, { state: 'stopped', restarting: false });
    world.restarts({ afterMs: minute });
    world.passes(minute);

    expect(world.messages().flatMap(({ agents }) => agents)).toEqual([]);
  });

  test('and cannot do, as a start of an agent that dies at once, is for it to tell', () => {
    const world = watchUnderTest();
    world.dies(id);
    world.passes(hour);
    const operation = operationIn(world);
    operation.does('starting');
    world.passes(200);
    world.starts(id);
    world.passes(200);
    world.dies(id, exited(1, world.timers.now()));
    operation.does('failed');
    operation.finishes();
    world.passes(hour);

    expect(world.alerts).toEqual([]);
  });

  test('does not cover the death of what it has started', () => {
    const world = watchUnderTest();
    world.starts(id);
    world.passes(hour);
    const operation = operationIn(world);
    operation.does('killing');
    world.dies(id, signalled('KILL', world.timers.now()));
    world.passes(second);
    operation.does('killed');
    operation.does('starting');
    world.passes(second);
    world.starts(id);
    operation.does('started');
    operation.finishes();
    world.passes(4 * second);
    world.dies(id, exited(1, world.timers.now()));
    world.passes(second);

    expect(world.messages()).toMatchObject([{ agents: [{ death: { kind: 'died', livedMs: 4 * second } }] }]);
  });

  test('settles the alert of an agent that it brings back, or stops', () => {
    const world = watchUnderTest();
    world.starts(id);
    world.passes(hour);
    world.dies(id, exited(1, world.timers.now()));
    world.passes(minute);
    const operation = operationIn(world);
    operation.does('starting');
    world.passes(second);
    world.starts(id);
    operation.does('started');

    expect(world.messages()).toMatchObject([
      { agents: [{ back: { by: 'Muster' } }], resolvedAt: expect.any(Date) },
    ]);
  });

  test('that starts again what has just died is no cause of that', () => {
    const world = watchUnderTest();
    world.starts(id);
    world.passes(hour);
    world.dies(id, exited(1, world.timers.now()));
    world.passes(second);
    const operation = operationIn(world);
    operation.does('starting');
    world.starts(id);
    operation.does('started');

    const [alert] = world.messages();
    expect(alert?.resolvedAt).toBeDefined();
    expect(alert?.cause).toBeUndefined();
  });

  test('is the likely cause of what dies beside it', () => {
    const world = watchUnderTest();
    world.starts(id, 'shop:cart');
    world.passes(hour);
    operationIn(world).does('killing');
    world.dies('shop:cart', exited(1, world.timers.now()));
    world.passes(second);

    expect(world.messages()).toMatchObject([
      {
        cause: {
          kind: 'operation',
          operation: { id: 'O-7k2m9x', askedBy: 'U0ANA00000', text: '/team reload shop' },
        },
      },
    ]);
  });

  test('is not taken for the cause of what dies in another project', () => {
    const world = watchUnderTest();
    world.starts(id, 'blog:crashy');
    world.passes(hour);
    operationIn(world).does('killing');
    world.dies('blog:crashy', exited(1, world.timers.now()));
    world.passes(second);

    expect(world.messages()).toMatchObject([{ agents: [{ id: 'blog:crashy' }] }]);
    expect(world.messages()[0]?.cause).toBeUndefined();
  });
});
