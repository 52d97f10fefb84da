import { homedir } from 'node:os';
import { join } from 'node:path';

export const unitName = 'muster.service';
export const systemUnitDirectory = '/etc/systemd/system';

/** Where a user's own units lie. */
export function userUnitDirectory(env: Readonly<Record<string, string | undefined>>): string {
  return join(env.XDG_CONFIG_HOME || join(env.HOME || homedir(), '.config'), 'systemd/user');
}
