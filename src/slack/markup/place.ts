import type { Place } from '../../domain/operation-record.ts';

/** The address of a message. */
export function linkTo({ channel, ts }: Place, workspaceUrl: string): string {
  return `${workspaceUrl}archives/${channel}/p${ts.replace('.', '')}`;
}
