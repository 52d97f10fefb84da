import { fileURLToPath } from 'node:url';

/** What every back-end starts an agent by: a POSIX sh script. */
export const launcherPath = fileURLToPath(new URL('./launcher.sh', import.meta.url));
