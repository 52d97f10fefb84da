import { cpSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import type { AgentId } from '../../../../src/domain/agent.ts';
import { loadTeam } from '../../../../src/team/files/load.ts';
import { agentSpec } from '../../../../src/team/names.ts';
import {
  digestChanged,
  pendingAgents,
  planReload,
  type ReloadPlan,
} from '../../../../src/team/reload/reload-plan.ts';
import {
  type RenderedAgent,
  renderEnv,
  renderMcp,
  renderTeam,
  snapshotEntry,
} from '../../../../src/team/reload/render.ts';
import {
  composeDigest,
  formatSnapshot,
  parseSnapshot,
  snapshotGlobal,
} from '../../../../src/team/reload/snapshot.ts';
import { type Agent, agentsOf, findAgent, type Team } from '../../../../src/team/team.ts';
import { loaded, temporaryDirectory } from '../loaded-team.ts';

/** What teamctl wrote for this tree when it lay in `/srv/golden/alpha/.team`. */
const tree = fileURLToPath(new URL('../trees/alpha', import.meta.url));
const teamMcp = '/usr/local/bin/team-mcp';
const golden = (path: string) => readFileSync(`${tree}/${path}`, 'utf8');

const prior = parseSnapshot(readFileSync(`${tree}/state/applied.json`));
let team: Team;
let rendered: ReadonlyMap<AgentId, RenderedAgent>;

beforeAll(async () => {
  const copy = `${temporaryDirectory()}/.team`;
  cpSync(tree, copy, { recursive: true });
  const here = loaded(await loadTeam(copy, { supervisorTypes: ['tmux'] }));
  // The role prompts are read where they are; every rendered text names the place teamctl saw.
  const fingerprints = await renderTeam(here, teamMcp);
  team = { ...here, root: '/srv/golden/alpha/.team' };
  rendered = new Map(
    [...(await renderTeam(team, teamMcp))].map(([id, agent]) => {
      const role_prompt = fingerprints.get(id)?.fingerprints.role_prompt ?? { kind: 'none' as const };
      return [id, { ...agent, fingerprints: { ...agent.fingerprints, role_prompt } }];
    }),
  );
});

describe('a tree that teamctl wrote', () => {
  test('has its agents in teamctl’s order', () => {
    const order = ['shop:lead', 'shop:cart', 'shop:pay', 'blog:editor', 'blog:writer'];
    expect(agentsOf(team).map(({ id }) => id)).toEqual(order);
    expect(findAgent(team, 'shop:pay')).toMatchObject({
      runtime: 'codex',
      effort: 'high',
      reportsTo: 'lead',
    });
  });

  test('gets the same env files', () => {
    for (const agent of agentsOf(team)) {
      expect(renderEnv(team, agent)).toBe(golden(`state/envs/${agent.project}-${agent.name}.env`));
    }
  });

  test('gets the same MCP files', () => {
    for (const agent of agentsOf(team)) {
      expect(renderMcp(team, agent, teamMcp)).toBe(golden(`state/mcp/${agent.project}-${agent.name}.json`));
    }
  });

  test('gets the same snapshot', () => {
    const agents = new Map([...rendered].map(([id, agent]) => [id, snapshotEntry(agent)]));
    const text = formatSnapshot({
      schema: 2,
      applied_at: '2026-11-22T16:49:26Z',
      compose_digest: composeDigest(team),
      global: snapshotGlobal(team),
      agents,
    });
    expect(text).toBe(golden('state/applied.json'));
  });

  test('has nothing to do while its agents run', () => {
    const { steps } = planWith('running');

    expect(new Set(steps.map(({ action }) => action))).toEqual(new Set(['keep']));
    expect(digestChanged({ team, prior })).toBe(false);
    expect(pendingAgents({ team, rendered, prior })).toEqual([]);
  });

  test('has its dead agents started, and none added, changed or removed', () => {
    const steps = planWith('stopped').steps.map(({ id, action, why }) => [id, action, ...why]);

    expect(steps).toEqual([
      ['blog:editor', 'start', 'dead'],
      ['blog:writer', 'start', 'dead'],
      ['shop:cart', 'start', 'dead'],
      ['shop:lead', 'start', 'dead'],
      ['shop:pay', 'start', 'dead'],
    ]);
  });

  test('names session, wrapper and files as teamctl does', () => {
    expect(agentSpec(team, findAgent(team, 'shop:lead') as Agent)).toEqual({
      id: 'shop:lead',
      project: 'shop',
      agent: 'lead',
      backend: 'tmux',
      session: 'a-shop-lead',
      wrapper: '/srv/golden/alpha/.team/bin/agent-wrapper.sh',
      cwd: '/srv/golden/alpha/.team',
      envFile: '/srv/golden/alpha/.team/state/envs/shop-lead.env',
      runtime: 'claude-code',
    });
  });
});

function planWith(state: 'running' | 'stopped'): ReloadPlan {
  const states = new Map(agentsOf(team).map(({ id }) => [id, state]));
  return planReload({ team, rendered, prior, states });
}
