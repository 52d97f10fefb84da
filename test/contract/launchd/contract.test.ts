import process from 'node:process';
import {
  createLaunchdHarness,
  createMacHarness,
  type LaunchdHarness,
} from '../../fakes/launchd/launchctl-harness.ts';
import type { Behaviour } from '../../fakes/team/agent-tree-on-disk.ts';
import { describeSupervisor, type Harness } from '../supervisor-contract.ts';

describeSupervisor('launchd', async () => contractual(await createLaunchdHarness()));

if (process.platform === 'darwin') {
  describeSupervisor('the launchd of this Mac', async () => contractual(await createMacHarness()));
} else {
  process.stdout.write(`launchd itself is not tested: this is ${process.platform}, not macOS\n`);
}

function contractual(harness: LaunchdHarness): Harness {
  return {
    ...harness,
    agent: (name: string, behaviour: Behaviour, runtime?: string) =>
      harness.agent(name, behaviour, runtime === undefined ? {} : { runtime }),
  };
}
