import { describe, expect, test } from 'vitest';
import type { AgentId } from '../../../../src/domain/agent.ts';
import { agentSpec } from '../../../../src/team/names.ts';
import type { Fingerprints } from '../../../../src/team/reload/fingerprint.ts';
import {
  type Compared,
  digestChanged,
  hasNothingToDo,
  pendingAgents,
  planReload,
  type ReloadQuestion,
} from '../../../../src/team/reload/reload-plan.ts';
import {
  composeDigest,
  type Snapshot,
  type SnapshotAgent,
  snapshotGlobal,
} from '../../../../src/team/reload/snapshot.ts';
import { agentsOf, type Team } from '../../../../src/team/team.ts';

const before: Fingerprints = { env: 'blake3:1', mcp: 'blake3:2', role_prompt: { kind: 'none' } };
const edited: Fingerprints = { ...before, env: 'blake3:9' };

/** A team of `shop:a` and `shop:b`, both of which run as the snapshot says. */
const team = teamOf('a-', ['shop:a', 'shop:b']);

function teamOf(tmuxPrefix: string, ids: readonly AgentId[]): Team {
  const projectIds = [...new Set(ids.map((id) => id.split(':')[0] ?? ''))];
  return {
    root: '/t/.team',
    supervisorType: 'tmux',
    tmuxPrefix,
    brokerPath: 'state/mailbox.db',
    drainTimeoutMs: 10_000,
    composeBytes: Buffer.from('version: 2'),
    runtimes: new Map(),
    projects: projectIds.map((project) => ({
      id: project,
      name: project,
      cwd: '.',
      agents: ids
        .filter((id) => id.startsWith(`${project}:`))
        .map((id) => ({ id, project, name: id.slice(project.length + 1), role: 'worker', runtime: 'codex' })),
    })),
  };
}

function onSystemd(
  state: 'running' | 'stopped' | 'unknown',
  reason?: string,
): NonNullable<ReloadQuestion['statesThere']> {
  const seen = { state, ...(reason !== undefined && { reason }) };
  return new Map([
    ['shop:a', seen],
    ['shop:b', seen],
  ]);
}

function renderedOf(
  of: Team,
  changed: Readonly<Record<string, Fingerprints>> = {},
): ReloadQuestion['rendered'] {
  return new Map(
    agentsOf(of).map((agent) => {
      return [agent.id, { spec: agentSpec(of, agent), fingerprints: changed[agent.id] ?? before }];
    }),
  );
}

function snapshotOf(of: Team, more: Partial<Snapshot> = {}): ReloadQuestion['prior'] {
  const agents = new Map<AgentId, SnapshotAgent>();
  for (const [id, { spec, fingerprints }] of renderedOf(of)) {
    agents.set(id, { tmux_session: spec.session, env_file: spec.envFile, fingerprints });
  }
  const snapshot: Snapshot = {
    schema: 2,
    applied_at: '',
    compose_digest: composeDigest(of),
    global: snapshotGlobal(of),
    agents,
    ...more,
  };
  return { kind: 'snapshot', snapshot, bytes: Buffer.from('') };
}

function plan(question: Partial<ReloadQuestion> = {}) {
  const states = new Map<AgentId, 'running'>([
    ['shop:a', 'running'],
    ['shop:b', 'running'],
  ]);
  return planReload({ team, rendered: renderedOf(team), prior: snapshotOf(team), states, ...question });
}

/** What happens to `shop:a`, in a team where nothing is amiss with `shop:b`. */
function stepOfA(question: Partial<ReloadQuestion> = {}): string {
  const step = plan(question).steps.find(({ id }) => id === 'shop:a');
  return `${step?.action}: ${step?.why.join(', ')}`;
}

const stateOfA = (state: 'running' | 'stopped' | 'unknown') =>
  new Map<AgentId, 'running' | 'stopped' | 'unknown'>([
    ['shop:a', state],
    ['shop:b', 'running'],
  ]);
const editedA = renderedOf(team, { 'shop:a': edited });
const downA = new Map<AgentId, { by: string }>([['shop:a', { by: '@ana' }]]);
const none = { kind: 'none', why: 'there is none' } as const;
const newer = { kind: 'newer', schema: 3, bytes: Buffer.from('') } as const;

describe('an agent the snapshot knows', () => {
  test.each<[string, Partial<ReloadQuestion>, string]>([
    ['that runs unchanged is kept', {}, 'keep: '],
    ['that is dead is started though nothing changed', { states: stateOfA('stopped') }, 'start: dead'],
    [
      'that cannot be asked about is left alone',
      { states: stateOfA('unknown') },
      'leave: unknown: cannot be asked',
    ],
    ['of which no state is known is left alone', { states: new Map() }, 'leave: unknown: cannot be asked'],
    ['that changed is drained and started', { rendered: editedA }, 'change: env'],
    [
      'that changed and is dead is only started',
      { rendered: editedA, states: stateOfA('stopped') },
      'start: env, dead',
    ],
    [
      'that changed and cannot be asked about is left alone',
      { rendered: editedA, states: stateOfA('unknown') },
      'leave: unknown: cannot be asked',
    ],
    [
      'that is wanted down and is down is left',
      { states: stateOfA('stopped'), wantedDown: downA },
      'leave: left down by @ana',
    ],
    [
      'that is wanted down and down is left by force too',
      { states: stateOfA('stopped'), wantedDown: downA, force: true },
      'leave: left down by @ana',
    ],
    ['that is wanted down and runs is treated as running', { wantedDown: downA }, 'keep: '],
    ['that runs unchanged is restarted by force', { force: true }, 'change: forced'],
    [
      'that changed is restarted by force, for both reasons',
      { rendered: editedA, force: true },
      'change: env, forced',
    ],
    [
      'that is dead is started by force as without',
      { states: stateOfA('stopped'), force: true },
      'start: dead',
    ],
    [
      'that cannot be asked about is left alone by force too',
      { states: stateOfA('unknown'), force: true },
      'leave: unknown: cannot be asked',
    ],
  ])('%s', (_name, question, step) => {
    expect(stepOfA(question)).toBe(step);
  });

  test('has every reason for its change named in teamctl’s order', () => {
    const all: Fingerprints = { env: 'x', mcp: 'y', role_prompt: { kind: 'missing', path: 'p' } };

    expect(stepOfA({ rendered: renderedOf(team, { 'shop:a': all }) })).toBe('change: env, mcp, role_prompt');
  });

  test('is drained by the name it was started under when the prefix changed', () => {
    const moved = teamOf('b-', ['shop:a', 'shop:b']);
    const [step] = plan({ team: moved, rendered: renderedOf(moved, { 'shop:a': edited }) }).steps;

    expect(step).toMatchObject({
      action: 'change',
      running: { session: 'a-shop-a' },
      spec: { session: 'b-shop-a' },
    });
  });

  test('is moved when the team names another back-end, and the old one is named', () => {
    const moved: Team = { ...team, supervisorType: 'systemd' };
    const [step] = plan({
      team: moved,
      rendered: renderedOf(moved),
      statesThere: onSystemd('stopped'),
    }).steps;

    expect(step).toMatchObject({
      action: 'change',
      why: ['supervisor'],
      startedOn: 'tmux',
      running: { backend: 'tmux' },
      spec: { backend: 'systemd' },
    });
  });

  test.each<[string, Partial<ReloadQuestion>, string]>([
    [
      'runs there too',
      { statesThere: onSystemd('running') },
      'leave: runs on tmux, and something of its name runs on systemd: stop that first',
    ],
    [
      'runs there while it is dead where it was started',
      { statesThere: onSystemd('running'), states: stateOfA('stopped') },
      'leave: was started on tmux, and something of its name runs on systemd: stop that first',
    ],
    [
      'cannot be asked about there',
      { statesThere: onSystemd('unknown', 'no user manager') },
      'leave: runs on tmux and is not moved, for systemd cannot be asked: no user manager',
    ],
    [
      'was not looked for there',
      {},
      'leave: runs on tmux and is not moved, for systemd cannot be asked: nobody looked',
    ],
    [
      'cannot be asked about where it was started',
      { statesThere: onSystemd('stopped'), states: stateOfA('unknown') },
      'leave: unknown: cannot be asked',
    ],
    [
      'is dead where it was started, and not there either',
      { statesThere: onSystemd('stopped'), states: stateOfA('stopped') },
      'start: supervisor, dead',
    ],
  ])('whose team names another back-end, and that %s', (_, more, expected) => {
    const moved: Team = { ...team, supervisorType: 'systemd' };
    const [step] = plan({ team: moved, rendered: renderedOf(moved), ...more }).steps;

    expect(`${step?.action}: ${step?.why.join(', ')}`).toBe(expected);
  });
});

describe('an agent the snapshot does not know', () => {
  const prior = snapshotOf(teamOf('a-', ['shop:b']));

  test.each<[string, Partial<ReloadQuestion>, string]>([
    ['is added', { prior, states: stateOfA('stopped') }, 'add: new'],
    ['is adopted if it runs already', { prior }, 'keep: adopted'],
    [
      'is left alone if it cannot be asked about',
      { prior, states: stateOfA('unknown') },
      'leave: unknown: cannot be asked',
    ],
    ['is restarted by force if it runs', { prior, force: true }, 'change: forced'],
    ['is added where there is no snapshot at all', { prior: none, states: stateOfA('stopped') }, 'add: new'],
    ['is adopted where there is no snapshot at all', { prior: none }, 'keep: adopted'],
    [
      'is left down if that is wanted',
      { prior: none, states: stateOfA('stopped'), wantedDown: downA },
      'leave: left down by @ana',
    ],
  ])('%s', (_name, question, step) => {
    expect(stepOfA(question)).toBe(step);
  });

  test('has its files written when it is adopted', () => {
    expect(plan({ prior }).steps[0]).toMatchObject({ id: 'shop:a', adopts: true });
  });
});

describe('an agent that is gone from the team', () => {
  const smaller = teamOf('b-', ['shop:b']);
  const question = { team: smaller, rendered: renderedOf(smaller) };

  test.each<[string, Partial<ReloadQuestion>, string]>([
    ['is removed', question, 'remove: gone from the team'],
    [
      'is removed from the snapshot if it is dead',
      { ...question, states: stateOfA('stopped') },
      'remove: gone from the team',
    ],
    [
      'is left alone if it cannot be asked about',
      { ...question, states: stateOfA('unknown') },
      'leave: unknown: cannot be asked',
    ],
  ])('%s', (_name, of, step) => {
    expect(stepOfA(of)).toBe(step);
  });

  test('is stopped by the name it was started under', () => {
    const [step] = plan(question).steps;

    expect(step).toMatchObject({
      running: { session: 'a-shop-a', envFile: '/t/.team/state/envs/shop-a.env' },
    });
    expect(step).not.toHaveProperty('spec');
  });
});

describe('a name that passes from one agent to another', () => {
  const old = teamOf('a-', ['x-y:z']);
  const now = teamOf('a-', ['x:y-z']);
  const running = new Map<AgentId, 'running'>([
    ['x-y:z', 'running'],
    ['x:y-z', 'running'],
  ]);
  const question = { team: now, rendered: renderedOf(now), prior: snapshotOf(old), states: running };

  test('is freed before it is taken: what runs under it is the old agent', () => {
    expect(planReload(question).steps).toMatchObject([
      { id: 'x-y:z', action: 'remove' },
      { id: 'x:y-z', action: 'add', after: 'x-y:z' },
    ]);
  });

  test('is not taken by a plan that may not free it', () => {
    const { steps } = planReload({ ...question, scope: { project: 'x' } });

    expect(steps).toMatchObject([
      { id: 'x:y-z', action: 'leave', why: ['x-y:z still has its session name'] },
    ]);
  });
});

describe('under a snapshot of a newer schema', () => {
  test.each<[string, Partial<ReloadQuestion>, string]>([
    ['what is dead is started', { states: stateOfA('stopped') }, 'start: dead'],
    [
      'what runs is kept, and that nothing can be told is said',
      {},
      'keep: cannot tell what changed: state/applied.json has schema 3, newer than 2',
    ],
    ['force restarts', { force: true }, 'change: forced'],
    [
      'what is wanted down is left down',
      { states: stateOfA('stopped'), wantedDown: downA },
      'leave: left down by @ana',
    ],
  ])('%s', (_name, question, step) => {
    expect(stepOfA({ ...question, prior: newer })).toBe(step);
  });

  test('nothing is known to be pending', () => {
    expect(digestChanged({ team, prior: newer })).toBe(false);
    expect(pendingAgents({ team, rendered: editedA, prior: newer })).toEqual([]);
  });
});

describe('a plan', () => {
  test('has nothing to do when all run unchanged', () => {
    expect(hasNothingToDo(plan())).toBe(true);
    expect(hasNothingToDo(plan({ states: stateOfA('stopped') }))).toBe(false);
    expect(hasNothingToDo(plan({ prior: none }))).toBe(false);
  });

  test('lists its steps by the bytes of the ids', () => {
    const ids: AgentId[] = ['b:a', 'a:b', 'B:a', 'a-b:c', 'a:\u{1f600}', 'a:\uffee'];
    const many = teamOf('a-', ids);

    const { steps } = planReload({ team: many, rendered: renderedOf(many), prior: none, states: new Map() });

    expect(steps.map(({ id }) => id)).toEqual(['B:a', 'a-b:c', 'a:b', 'a:\uffee', 'a:\u{1f600}', 'b:a']);
  });

  test('for one project or agent has no step for another', () => {
    const many = teamOf('a-', ['shop:a', 'shop:b', 'blog:a']);
    const question = { team: many, rendered: renderedOf(many), prior: none, states: new Map() };
    const idsIn = (scope: { project: string; agent?: string }) =>
      planReload({ ...question, scope }).steps.map(({ id }) => id);

    expect(idsIn({ project: 'shop' })).toEqual(['shop:a', 'shop:b']);
    expect(idsIn({ project: 'shop', agent: 'b' })).toEqual(['shop:b']);
    expect(idsIn({ project: 'sho' })).toEqual([]);
  });

  test.each<[string, Partial<Compared>, readonly AgentId[]]>([
    ['nothing', {}, []],
    ['an agent that changed', { rendered: editedA }, ['shop:a']],
    [
      'an agent that is new',
      { rendered: renderedOf(teamOf('a-', ['shop:a', 'shop:b', 'shop:c'])) },
      ['shop:c'],
    ],
    ['an agent that went away', { rendered: renderedOf(teamOf('a-', ['shop:a'])) }, ['shop:b']],
    ['every agent, where nothing was ever started', { prior: none }, ['shop:a', 'shop:b']],
    ['every agent that is to move', { team: { ...team, supervisorType: 'systemd' } }, ['shop:a', 'shop:b']],
  ])('finds %s pending', (_name, compared, pending) => {
    const unchanged = { team, rendered: renderedOf(team), prior: snapshotOf(team) };

    expect(pendingAgents({ ...unchanged, ...compared })).toEqual(pending);
  });

  test.each<[string, Team]>([
    ['an edited compose file', { ...team, composeBytes: Buffer.from('version: 3') }],
    ['another prefix', { ...team, tmuxPrefix: 'b-' }],
    ['another mailbox', { ...team, brokerPath: 'mail.db' }],
    ['another back-end', { ...team, supervisorType: 'systemd' }],
  ])('notices %s', (_name, changed) => {
    expect(digestChanged({ team, prior: snapshotOf(team) })).toBe(false);
    expect(digestChanged({ team: changed, prior: snapshotOf(team) })).toBe(true);
    expect(digestChanged({ team: changed, prior: none })).toBe(true);
  });
});
