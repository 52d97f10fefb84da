import { afterAll, beforeAll, describe } from 'vitest';
import { backendSkip } from '../../fakes/required-backend.ts';
import { createSystemdHarness } from '../../fakes/systemd/systemd-harness.ts';
import {
  type SystemdManager,
  startSystemdManager,
  systemdMissing,
} from '../../fakes/systemd/systemd-manager.ts';
import { describeSupervisor } from '../supervisor-contract.ts';

const { skip, reason } = backendSkip('systemd', systemdMissing());

describe.skipIf(skip)(`with a real manager${reason}`, () => {
  let manager: SystemdManager;

  beforeAll(async () => {
    manager = await startSystemdManager();
  });

  afterAll(() => manager?.stop());

  describeSupervisor('systemd', async () => {
    const harness = createSystemdHarness(manager);
    return {
      ...harness,
      managerKills: true,
      agent: (name, behaviour, runtime) =>
        harness.agent(name, behaviour, runtime === undefined ? {} : { runtime }),
    };
  });
});
