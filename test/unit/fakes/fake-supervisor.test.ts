import { describe, expect, it } from 'vitest';
import type { AgentSpec } from '../../../src/domain/agent.ts';
import { createFakeSupervisor } from '../../fakes/fake-supervisor.ts';
import { createInstantClock } from '../../fakes/instant-clock.ts';

const dev: AgentSpec = {
  id: 'shop:dev',
  project: 'shop',
  agent: 'dev',
  backend: 'fake',
  session: 't-shop-dev',
  wrapper: '/srv/wrapper',
  cwd: '/srv',
  envFile: '/srv/env',
};

describe('the fake supervisor', () => {
  it('drains on a clock that costs no time', async () => {
    const supervisor = createFakeSupervisor({
      agents: { 'shop:dev': { state: 'running', drain: 'stubborn' } },
      clock: createInstantClock(),
    });

    expect(await supervisor.drain(dev, { budgetMs: 600_000 })).toMatchObject({
      outcome: 'TimedOutKilled',
      tookMs: 600_000,
    });
  });

  it('remembers what it was asked', async () => {
    const supervisor = createFakeSupervisor();
    await supervisor.up(dev);
    await supervisor.drain(dev, { budgetMs: 7 });

    expect(supervisor.called('up')).toEqual(['shop:dev']);
    expect(supervisor.calls.at(-1)).toEqual({ verb: 'drain', agents: ['shop:dev'], budgetMs: 7 });
  });

  it('knows nothing when it is told to know nothing, and then refuses to act', async () => {
    const supervisor = createFakeSupervisor({
      agents: { 'shop:dev': { state: 'unknown', reason: 'tmux hangs' } },
    });

    expect((await supervisor.observe([dev])).get('shop:dev')).toEqual({
      state: 'unknown',
      reason: 'tmux hangs',
    });
    await expect(supervisor.up(dev)).rejects.toThrow('tmux hangs');
    await expect(supervisor.drain(dev, { budgetMs: 0 })).rejects.toThrow('tmux hangs');
  });

  it('fails, dies and restarts as told', async () => {
    const supervisor = createFakeSupervisor({
      agents: { 'shop:dev': { state: 'restarting', fails: { down: 'no such luck' } } },
    });

    expect((await supervisor.observe([dev])).get('shop:dev')).toMatchObject({
      state: 'stopped',
      restarting: true,
    });
    await expect(supervisor.down(dev)).rejects.toThrow('no such luck');
    supervisor.set('shop:dev', { state: 'running' });
    supervisor.die('shop:dev', { kind: 'exited', code: 3, at: new Date(0) });
    expect((await supervisor.observe([dev])).get('shop:dev')).toMatchObject({ lastEnd: { code: 3 } });
  });
});
