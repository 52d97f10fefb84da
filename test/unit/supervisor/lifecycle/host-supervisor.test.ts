import { expect, test } from 'vitest';
import { type HostMeans, HostSupervisor } from '../../../../src/supervisor/lifecycle/host-supervisor.ts';
import type { Stop } from '../../../../src/supervisor/lifecycle/stop.ts';
import type { FoundAgent } from '../../../../src/supervisor/process/found-agent.ts';
import { createInstantClock } from '../../../fakes/instant-clock.ts';
import { foundAgent, specOf } from '../process/found-agents.ts';

const dev = { ...specOf('dev'), cwd: '/', envFile: '/etc/passwd', wrapper: '/bin/sh' };

/** Of whose agent each look finds what `before` says until its loop was ended, and what `after` says from then on. */
function startable(before: FoundAgent, after: FoundAgent) {
  const done: string[] = [];
  const ending: Pick<Stop, 'drain'> = {
    async drain({ budgetMs }) {
      done.push('loop ended');
      const nothing = { signals: [], survivors: [], strays: [], lastLines: [] };
      return { outcome: 'TimedOutKilled', budgetMs, tookMs: 0, ...nothing };
    },
  };
  const means: HostMeans<FoundAgent> = {
    root: '/srv/team',
    env: {},
    clock: createInstantClock(),
    observeTimeoutMs: 1000,
    findAll: async () => ({ kind: 'known', agents: [done.length === 0 ? before : after] }),
    beginStop: () => ending as Stop,
    start: async () => void done.push('started'),
    isInTheWay: ({ members }) => members.length > 0,
    notRunning: () => ({ restarting: true }),
  };
  class Supervisor extends HostSupervisor<FoundAgent> {
    lastLines = async () => [];
    watch = () => {
      throw new Error('nobody watches it');
    };
  }
  return { done, up: () => new Supervisor(means).up(dev) };
}

const asleep: FoundAgent = { ...foundAgent(dev, 'loop'), lead: undefined, betweenLives: true };

test('an agent of which only the loop sleeps is started when that has been ended', async () => {
  const { up, done } = startable(asleep, { ...asleep, members: [], betweenLives: false });

  await up();

  expect(done).toEqual(['loop ended', 'started']);
});

test('what outlives the end of its loop is neither taken for the agent nor given a second one', async () => {
  const { up, done } = startable(asleep, { ...foundAgent(dev, 'agent', 77), outlived: true });

  await expect(up()).rejects.toThrow('cannot start shop:dev: pid 77');
  expect(done).toEqual(['loop ended']);
});
