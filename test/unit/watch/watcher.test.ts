import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { AgentId } from '../../../src/domain/agent.ts';
import type { Alert } from '../../../src/domain/alert.ts';
import type { Journal } from '../../../src/journal/journal.ts';
import { createWatcher, type Watcher } from '../../../src/watch/watcher.ts';
import { createFakeSupervisor, type FakeSupervisor } from '../../fakes/fake-supervisor.ts';
import { writeTeamTree } from '../../fakes/team/team-tree.ts';
import { until } from '../../fakes/until.ts';
import { exited, journalUnderTest } from './watch-under-test.ts';

const project = (name: string, workers: readonly string[]) =>
  [
    'version: 2',
    'project:',
    `  id: ${name}`,
    `  name: ${name}`,
    '  cwd: .',
    'managers:',
    '  lead:',
    '    runtime: claude-code',
    ...(workers.length === 0 ? [] : ['workers:']),
    ...workers.flatMap((worker) => [`  ${worker}:`, '    runtime: claude-code', '    reports_to: lead']),
    '',
  ].join('\n');

let top: string;
let root: string;
let journal: Journal;
let supervisor: FakeSupervisor;
let watcher: Watcher;
let alerts: Alert[];
let errors: Error[];

beforeEach(async () => {
  top = realpathSync(mkdtempSync(join(tmpdir(), 'muster-watcher-')));
  root = writeTeamTree(top, { projects: { shop: project('shop', ['pay', 'cart']) } });
  journal = journalUnderTest();
  const running = { state: 'running' } as const;
  supervisor = createFakeSupervisor({
    agents: { 'shop:lead': running, 'shop:pay': running, 'shop:cart': running },
    pollMs: 5,
  });
  watcher = await started();
});

afterEach(async () => {
  await watcher.stop();
  rmSync(top, { recursive: true, force: true });
});

async function started(): Promise<Watcher> {
  alerts = [];
  errors = [];
  const next = createWatcher({
    host: { root, supervisor, supervisorTypes: ['tmux'] },
    journal,
    onAlert: (alert) => alerts.push(alert),
    onMuteOver: () => undefined,
    onError: (error) => errors.push(error),
  });
  await next.start();
  return next;
}

/** The watch has told of the agents it is to follow. */
async function known(...ids: readonly AgentId[]): Promise<void> {
  await until(`${ids} are known`, () => {
    const rows = journal.run((database) => database.prepare('select agent from watched').all());
    return ids.every((id) => rows.some(({ agent }) => agent === id));
  });
}

describe('the watcher', () => {
  test('tells that an agent of the team has died, and that it is back', async () => {
    await known('shop:lead', 'shop:pay', 'shop:cart');
    supervisor.die('shop:pay', exited(3, Date.now()));
    const alert = await until('there is an alert', () => alerts[0]);
    expect(alert.agents).toMatchObject([{ id: 'shop:pay', death: { kind: 'died', end: { code: 3 } } }]);

    supervisor.set('shop:pay', { state: 'running' });
    const last = await until('the alert is resolved', () => alerts.find(({ resolvedAt }) => resolvedAt));
    expect(last).toMatchObject({ id: alert.id, agents: [{ back: { by: 'outside' } }] });
    expect(errors).toEqual([]);
  });

  test('follows an agent that the team has got since', async () => {
    await known('shop:cart');
    supervisor.set('shop:stock', { state: 'running' });
    writeFileSync(join(root, 'projects/shop.yaml'), project('shop', ['pay', 'cart', 'stock']));
    await watcher.refresh();
    await known('shop:stock');
    supervisor.die('shop:stock', exited(1, Date.now()));

    const alert = await until('there is an alert', () => alerts[0]);
    expect(alert.agents).toMatchObject([{ id: 'shop:stock' }]);
  });

  test('knows the one back-end that agents are on, if it is one', async () => {
    expect(watcher.backendOf(['shop:pay', 'shop:cart', 'shop:gone'])).toBe('tmux');
    const fingerprints = { env: '', mcp: '', role_prompt: { kind: 'none' } };
    const agents = { 'shop:pay': { tmux_session: 't', env_file: '/e', fingerprints } };
    const global = { supervisor_type: 'systemd', tmux_prefix: 't-', broker_path: 'b' };
    const snapshot = { schema: 2, applied_at: '', compose_digest: '', global, agents };
    mkdirSync(join(root, 'state'), { recursive: true });
    writeFileSync(join(root, 'state/applied.json'), JSON.stringify(snapshot));
    await watcher.refresh();

    expect(watcher.backendOf(['shop:pay'])).toBe('systemd');
    expect(watcher.backendOf(['shop:pay', 'shop:cart'])).toBeUndefined();
  });

  test('goes on with the agents it knew while the team’s files do not load', async () => {
    await known('shop:pay');
    writeFileSync(join(root, 'projects/shop.yaml'), 'version: [');
    await watcher.refresh();
    supervisor.die('shop:pay', exited(1, Date.now()));

    await until('there is an alert', () => alerts.length > 0);
  });

  test('knows at its next start what happened while it was stopped, and is quiet about what it told', async () => {
    await known('shop:lead', 'shop:pay', 'shop:cart');
    supervisor.die('shop:pay', exited(1, Date.now()));
    const told = await until('there is an alert', () => alerts[0]);
    watcher.told(told, { channel: 'C0ALERTS00', ts: '1.1' });
    await watcher.stop();
    supervisor.die('shop:cart', exited(1, Date.now()));
    watcher = await started();

    const alert = await until('there is an alert', () => alerts[0]);
    expect(alert.agents.map(({ id }) => id)).toEqual(expect.arrayContaining(['shop:cart']));
    expect(alert.host).toMatchObject([{ kind: 'blind' }]);
    expect(
      alerts.filter(({ revision }) => revision === 1).flatMap(({ agents }) => agents),
    ).not.toContainEqual(expect.objectContaining({ id: 'shop:pay' }));
  });

  test('takes it from the agents’ back-end whether their host was rebooted', async () => {
    await known('shop:lead', 'shop:pay', 'shop:cart');
    await watcher.stop();
    Object.assign(supervisor, { isSameBoot: ({ id }: { id: AgentId }) => id !== 'shop:pay' });
    supervisor.die('shop:pay');
    supervisor.die('shop:cart', exited(1, Date.now()));
    watcher = await started();

    const alert = await until('there is an alert', () => alerts[0]);
    expect(alert.host).toContainEqual(expect.objectContaining({ kind: 'rebooted', agents: ['shop:pay'] }));
  });
});
