import { createTmuxHarness } from '../../fakes/tmux/tmux-harness.ts';
import { describeSupervisor } from '../supervisor-contract.ts';

describeSupervisor('tmux', async () => {
  const harness = createTmuxHarness();
  return {
    ...harness,
    agent: (name, behaviour, runtime) =>
      harness.agent(name, behaviour, runtime === undefined ? {} : { runtime }),
  };
});
