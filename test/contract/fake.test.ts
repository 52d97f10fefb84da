import type { AgentId } from '../../src/domain/agent.ts';
import { createFakeSupervisor, type FakeAgent } from '../fakes/fake-supervisor.ts';
import type { Behaviour } from '../fakes/team/agent-tree-on-disk.ts';
import { describeSupervisor } from './supervisor-contract.ts';

const behaviours: Record<Behaviour, FakeAgent> = {
  polite: { lastLines: ['ready'] },
  slow: { drain: { afterMs: 300 } },
  stubborn: { drain: 'stubborn' },
  'two-asks': { drain: { afterMs: 1500 } },
  'dies-at-once': { upFails: 'shop:dev ended right after its start (exit code 7)' },
};

describeSupervisor('the fake', async () => {
  const supervisor = createFakeSupervisor();
  const lives = ({ id }: { id: AgentId }) => supervisor.incarnation(id) !== undefined;
  return {
    supervisor,
    agent(name, behaviour) {
      const id: AgentId = `shop:${name}`;
      supervisor.set(id, behaviours[behaviour]);
      return {
        id,
        project: 'shop',
        agent: name,
        backend: 'fake',
        session: `t-shop-${name}`,
        wrapper: '/srv/team/bin/agent-wrapper.sh',
        cwd: '/srv/team',
        envFile: `/srv/team/state/envs/shop-${name}.env`,
      };
    },
    isReady: lives,
    lives,
    kill: async ({ id }) => supervisor.die(id),
    stop: async () => {},
  };
});
