import { join } from 'node:path';
import type { Examined } from './examined.ts';

/** Where Muster's own state lies, as far as it is known. */
export function stateDirectory({ settings, team }: Examined): string | undefined {
  return settings.MUSTER_STATE_DIR ?? (team.kind === 'found' ? join(team.root, 'state/muster') : undefined);
}
