import { NotReadyError } from '../../language/refusals.ts';
import { describeSettingComplaint, readSettings, type SettingName, type Settings } from '../../settings.ts';
import type { openSite } from '../../site/open-site.ts';
import type { Style } from '../terminal/style.ts';

/** What the verbs work with. */
export interface Desk extends Awaited<ReturnType<typeof openSite>> {
  /** Who types. */
  readonly person: string;
  /** The words that were typed, for the record. */
  readonly text: string;
  readonly style: Style;
  /** Prints lines for whoever reads the result. */
  print(lines: readonly string[]): void;
  /** Prints lines that are not part of it. */
  remark(lines: readonly string[]): void;
  /** Asks the person; undefined: nobody is there who could answer. */
  readonly ask: ((question: string) => Promise<string>) | undefined;
  /** Calls back at each Ctrl-C until the function it gives is called. */
  onInterrupt(interrupted: () => void): () => void;
  /** Ends this process at once. */
  leave(code: number): never;
}

/** Nothing of Slack's: it may be down, or not set up yet. */
const needed = ['TEAM_ROOT', 'MUSTER_STATE_DIR', 'TMUX_SOCKET'] as const satisfies readonly SettingName[];

export type OwnSettings = Partial<Pick<Settings, (typeof needed)[number]>>;

/** Throws NotReadyError with every complaint. */
export function readOwnSettings(env: Readonly<Record<string, string | undefined>>): OwnSettings {
  const read = readSettings(env);
  const complaints = read.kind === 'refused' ? read.complaints : [];
  const own = complaints.filter(({ name }) => needed.some((each) => each === name));
  if (own.length > 0) throw new NotReadyError(own.map(describeSettingComplaint).join('\n'));
  return read.settings;
}
