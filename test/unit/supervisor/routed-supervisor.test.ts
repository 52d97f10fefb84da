import { describe, expect, it } from 'vitest';
import type { AgentSpec } from '../../../src/domain/agent.ts';
import { createRoutedSupervisor } from '../../../src/supervisor/routed-supervisor.ts';
import { type StateChange, SupervisorError } from '../../../src/supervisor/supervisor.ts';
import { createFakeSupervisor, type FakeSupervisor } from '../../fakes/fake-supervisor.ts';
import { until } from '../../fakes/until.ts';
import { specOf } from './process/found-agents.ts';

const on = (backend: string, agent: string): AgentSpec => ({ ...specOf(agent), backend });

function twoBackends() {
  const opened: string[] = [];
  const tmux = createFakeSupervisor({ pollMs: 2 });
  const systemd = createFakeSupervisor({ pollMs: 2 });
  const known: Readonly<Record<string, FakeSupervisor>> = { tmux, systemd };
  const supervisor = createRoutedSupervisor((name) => {
    opened.push(name);
    const found = known[name];
    if (found === undefined) throw new SupervisorError(`there is no ${name}`);
    return found;
  });
  return { supervisor, tmux, systemd, opened };
}

/** `id state-before -> state-after` of each change. */
function wordsOf(changes: readonly StateChange[]): readonly string[] {
  return changes.map(({ agent, before, after }) => `${agent} ${before?.state ?? 'new'} -> ${after.state}`);
}

describe('agents on several back-ends', () => {
  it('are each acted on where they are', async () => {
    const { supervisor, tmux, systemd } = twoBackends();
    await supervisor.up(on('tmux', 'pay'));
    await supervisor.up(on('systemd', 'cart'));
    await supervisor.lastLines(on('tmux', 'pay'), 5);
    await supervisor.drain(on('systemd', 'cart'), { budgetMs: 10 });
    await supervisor.down(on('tmux', 'pay'));

    expect(tmux.calls.map(({ verb, agents }) => `${verb} ${agents}`)).toEqual([
      'up shop:pay',
      'lastLines shop:pay',
      'down shop:pay',
    ]);
    expect(systemd.calls.map(({ verb, agents }) => `${verb} ${agents}`)).toEqual([
      'up shop:cart',
      'drain shop:cart',
    ]);
  });

  it('cost one question to each back-end that has any', async () => {
    const { supervisor, tmux, systemd } = twoBackends();
    tmux.set('shop:pay', { state: 'running' });
    const specs = [on('tmux', 'pay'), on('systemd', 'cart'), on('tmux', 'lead')];
    const seen = await supervisor.observe(specs);

    expect([...seen].map(([id, { state }]) => `${id} ${state}`).toSorted()).toEqual([
      'shop:cart stopped',
      'shop:lead stopped',
      'shop:pay running',
    ]);
    expect(tmux.calls).toEqual([{ verb: 'observe', agents: ['shop:pay', 'shop:lead'] }]);
    expect(systemd.calls).toEqual([{ verb: 'observe', agents: ['shop:cart'] }]);
  });

  it('open each back-end once, and only when there is an agent on it', async () => {
    const { supervisor, opened } = twoBackends();
    await supervisor.observe([on('tmux', 'pay')]);
    await supervisor.state(on('tmux', 'pay'));

    expect(opened).toEqual(['tmux']);
  });

  it('have what is left of them, their boot, work tree and programs looked for where they are', async () => {
    const { supervisor, tmux, systemd } = twoBackends();
    tmux.set('shop:pay', { state: 'running' });
    const incarnation = tmux.incarnation('shop:pay');
    if (incarnation === undefined) throw new Error('shop:pay does not run');
    const noted = { bootId: 'fake-boot', processes: [{ ...incarnation, part: 'agent' as const }] };
    const workTree = { uncommitted: 2, isLocked: false };
    Object.assign(systemd, { readWorkTree: async () => workTree, hasProgram: async () => false });

    expect(await supervisor.whatIsLeft(on('tmux', 'pay'), noted)).toEqual(noted.processes);
    expect(await supervisor.whatIsLeft(on('systemd', 'pay'), noted)).toEqual([]);
    expect(supervisor.isSameBoot(on('tmux', 'pay'), 'another boot')).toBe(false);
    expect(await supervisor.readWorkTree?.(on('systemd', 'cart'))).toEqual(workTree);
    expect(await supervisor.readWorkTree?.(on('tmux', 'cart'))).toBeUndefined();
    expect(await supervisor.hasProgram?.('claude', 'systemd')).toBe(false);
    expect(await supervisor.hasProgram?.('claude', 'tmux')).toBe(true);
  });

  it('are never said to be over, or without their program, on one that cannot be had', async () => {
    const { supervisor } = twoBackends();
    const pay = on('docker', 'pay');

    expect(supervisor.isSameBoot(pay, 'another boot')).toBe(true);
    expect(await supervisor.hasProgram?.('claude', 'docker')).toBe(true);
    await expect(supervisor.whatIsLeft(pay, { bootId: 'b', processes: [] })).rejects.toThrow(
      'cannot look for shop:pay: there is no docker',
    );
  });

  it('are unknown on one that cannot be had, never stopped, and the others are seen all the same', async () => {
    const { supervisor } = twoBackends();
    const seen = await supervisor.observe([on('docker', 'pay'), on('tmux', 'cart')]);

    expect(seen.get('shop:pay')).toEqual({ state: 'unknown', reason: 'there is no docker' });
    expect(seen.get('shop:cart')).toMatchObject({ state: 'stopped' });
    expect(await supervisor.state(on('docker', 'pay'))).toBe('unknown');
  });

  it.each([
    ['up', 'start', (agent: AgentSpec) => twoBackends().supervisor.up(agent)],
    ['down', 'stop', (agent: AgentSpec) => twoBackends().supervisor.down(agent)],
    ['drain', 'stop', (agent: AgentSpec) => twoBackends().supervisor.drain(agent, { budgetMs: 0 })],
    ['lastLines', 'read', (agent: AgentSpec) => twoBackends().supervisor.lastLines(agent, 1)],
  ] as const)('refuse %s on one that cannot be had', async (_, verb, act) => {
    const refused = act(on('docker', 'pay'));

    await expect(refused).rejects.toThrow(`cannot ${verb} shop:pay: there is no docker`);
    await expect(refused).rejects.toBeInstanceOf(SupervisorError);
  });
});

describe('a watch over several back-ends', () => {
  it('tells of the agents of all, and of those that nobody can see', async () => {
    const { supervisor, tmux, systemd } = twoBackends();
    tmux.set('shop:pay', { state: 'running' });
    const changes: StateChange[] = [];
    const specs = [on('tmux', 'pay'), on('systemd', 'cart'), on('docker', 'lead')];
    const watch = supervisor.watch(specs, (change) => changes.push(change));
    await until('all are told of', () => changes.length === 3);
    systemd.set('shop:cart', { state: 'running' });
    await until('the change is told', () => changes.length === 4);
    await watch.close();

    expect(wordsOf(changes).toSorted()).toEqual([
      'shop:cart new -> stopped',
      'shop:cart stopped -> running',
      'shop:lead new -> unknown',
      'shop:pay new -> running',
    ]);
  });

  it('follows an agent that moves, and goes on from what was told of it', async () => {
    const { supervisor, tmux, systemd } = twoBackends();
    tmux.set('shop:pay', { state: 'running' });
    const changes: StateChange[] = [];
    const watch = supervisor.watch([on('tmux', 'pay')], (change) => changes.push(change));
    await until('it is told to run', () => changes.length === 1);
    tmux.set('shop:pay', { state: 'stopped' });
    await until('it is told to have stopped', () => changes.length === 2);
    systemd.set('shop:pay', { state: 'running' });
    watch.follow([on('systemd', 'pay')]);
    await until('it is told to run again', () => changes.length === 3);
    tmux.set('shop:pay', { state: 'running' });
    systemd.set('shop:pay', { state: 'stopped' });
    await until('its end there is told', () => changes.length === 4);
    await watch.close();

    expect(wordsOf(changes)).toEqual([
      'shop:pay new -> running',
      'shop:pay running -> stopped',
      'shop:pay stopped -> running',
      'shop:pay running -> stopped',
    ]);
  });

  it('does not tell of an agent what arrives late from where it was', () => {
    const late: Record<string, (change: StateChange) => void> = {};
    const supervisor = createRoutedSupervisor((name) => ({
      ...createFakeSupervisor(),
      watch(_, onChange) {
        late[name] = onChange;
        return { follow: () => undefined, close: async () => undefined };
      },
    }));
    const changes: StateChange[] = [];
    const watch = supervisor.watch([on('tmux', 'pay')], (change) => changes.push(change));
    const stopped = { state: 'stopped', restarting: false } as const;
    watch.follow([on('systemd', 'pay')]);
    late.tmux?.({ agent: 'shop:pay', after: stopped, at: new Date() });
    late.systemd?.({ agent: 'shop:pay', after: { state: 'unknown', reason: 'no bus' }, at: new Date() });

    expect(wordsOf(changes)).toEqual(['shop:pay new -> unknown']);
  });
});
