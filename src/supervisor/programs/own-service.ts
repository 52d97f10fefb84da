import { existsSync, readFileSync } from 'node:fs';
import process from 'node:process';

/** Which systemd manager is meant. */
export type Manager = 'user' | 'system';

/** The manager that can start a program which does not end with the service we are; undefined if we are none, or there is none we may ask. */
export function managerForOthers(runtimeDirectory = `/run/user/${process.getuid?.()}`): Manager | undefined {
  const around = managerAround(ownCgroups());
  if (around !== 'system' || process.getuid?.() === 0) return around;
  return existsSync(`${runtimeDirectory}/systemd/private`) ? 'user' : undefined;
}

/** Whose service a process is, by the text of its `/proc/PID/cgroup`: `.../user@1000.service/app.slice/muster.service` is the user's. */
export function managerAround(cgroups: string): Manager | undefined {
  for (const line of cgroups.split('\n')) {
    const [, controllers, path = ''] = /^\d+:([^:]*):(.*)$/.exec(line) ?? [];
    if (controllers !== '' && controllers !== 'name=systemd') continue;
    const services = path.split('/').filter((part) => part.endsWith('.service'));
    const isUsers = services[0]?.startsWith('user@') ?? false;
    if (services.length > (isUsers ? 1 : 0)) return isUsers ? 'user' : 'system';
  }
  return undefined;
}

function ownCgroups(): string {
  const path = '/proc/self/cgroup';
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
}
