import { afterAll, afterEach, beforeAll, beforeEach, describe } from 'vitest';
import type { AgentSpec } from '../../../src/domain/agent.ts';
import { backendSkip } from '../../fakes/required-backend.ts';
import { createSystemdHarness, type SystemdHarness } from '../../fakes/systemd/systemd-harness.ts';
import {
  type SystemdManager,
  startSystemdManager,
  systemdMissing,
} from '../../fakes/systemd/systemd-manager.ts';
import { until } from '../../fakes/until.ts';

export interface SystemdWorld {
  readonly manager: SystemdManager;
  readonly harness: SystemdHarness;
  /** Up, and ready to be asked. */
  started(agent: AgentSpec): Promise<AgentSpec>;
}

const { skip, reason } = backendSkip('systemd', systemdMissing());

/** One manager for all tests, a tree of its own for each. */
export function describeOnSystemd(title: string, tests: (world: SystemdWorld) => void): void {
  describe.skipIf(skip)(`${title}${reason}`, () => {
    let manager: SystemdManager;
    let harness: SystemdHarness;

    beforeAll(async () => {
      manager = await startSystemdManager();
    });

    afterAll(() => manager?.stop());

    beforeEach(() => {
      harness = createSystemdHarness(manager);
    });

    afterEach(() => harness.stop());

    tests({
      get manager() {
        return manager;
      },
      get harness() {
        return harness;
      },
      async started(agent) {
        await harness.supervisor.up(agent);
        await until(`${agent.id} is ready`, () => harness.isReady(agent));
        return agent;
      },
    });
  });
}
