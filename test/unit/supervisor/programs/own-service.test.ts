import { expect, it } from 'vitest';
import { managerAround } from '../../../../src/supervisor/programs/own-service.ts';

it.each([
  ['0::/system.slice/muster.service', 'system'],
  ['0::/system.slice/docker.service/muster', 'system'],
  ['0::/user.slice/user-1000.slice/user@1000.service/app.slice/muster.service', 'user'],
  ['4:memory:/x\n1:name=systemd:/system.slice/muster.service\n0::/system.slice/muster.service', 'system'],
  ['0::/user.slice/user-1000.slice/session-3.scope', undefined],
  ['0::/user.slice/user-1000.slice/user@1000.service/app.slice/terminal.scope', undefined],
  ['4:memory:/system.slice/muster.service\n0::/', undefined],
  ['', undefined],
])('of %j the manager is %s', (cgroups, manager) => {
  expect(managerAround(cgroups)).toBe(manager);
});
