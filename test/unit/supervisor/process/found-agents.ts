import type { AgentSpec } from '../../../../src/domain/agent.ts';
import type { Part } from '../../../../src/supervisor/process/agent-tree.ts';
import type { FoundAgent } from '../../../../src/supervisor/process/found-agent.ts';
import { tableOf } from '../../../../src/supervisor/process/process-table.ts';

export function specOf(agent: string): AgentSpec {
  return {
    id: `shop:${agent}`,
    project: 'shop',
    agent,
    backend: 'tmux',
    session: `t-shop-${agent}`,
    wrapper: '/srv/team/bin/agent-wrapper.sh',
    cwd: '/srv/team',
    envFile: `/srv/team/state/envs/shop-${agent}.env`,
  };
}

/** An agent of which one process was seen, which is that part of it. */
export function foundAgent(spec: AgentSpec, part: Part, pid = 12, startTime = '1'): FoundAgent {
  const lead = { pid, ppid: 1, sid: pid, startTime, state: 'S', name: 'sh' };
  const members = [{ process: lead, part }];
  const table = tableOf([lead], () => []);
  return { spec, members, lead, betweenLives: false, table, tree: { update: () => members, asked() {} } };
}
