import { complaintOf, isSecret, type SettingName } from '../settings.ts';

/** What becomes of one setting in `.env`. */
export type Change =
  | { readonly kind: 'new' | 'same'; readonly name: SettingName; readonly value: string }
  | { readonly kind: 'replaced'; readonly name: SettingName; readonly value: string; readonly before: string }
  /** `offered` is not written over what is there. */
  | { readonly kind: 'kept'; readonly name: SettingName; readonly value: string; readonly offered: string };

/** A value that is there gives way only to somebody who says so, unless it is wrong. */
export function changeOf(
  name: SettingName,
  before: string | undefined,
  offered: string,
  mayReplace: boolean,
): Change {
  if (before === undefined || before.trim() === '') return { kind: 'new', name, value: offered };
  if (before.trim() === offered) return { kind: 'same', name, value: offered };
  if (mayReplace || complaintOf(name, before) !== undefined) {
    return { kind: 'replaced', name, value: offered, before };
  }
  return { kind: 'kept', name, value: before, offered };
}

/** What has to be written. */
export function valuesOf(changes: readonly Change[]): ReadonlyMap<string, string> {
  return new Map(
    changes.flatMap(({ kind, name, value }) =>
      kind === 'new' || kind === 'replaced' ? [[name, value]] : [],
    ),
  );
}

export function describeChange(change: Change): string {
  const { name } = change;
  const shown = (value: string) => (isSecret(name) || complaintOf(name, value) ? 'not shown' : value);
  switch (change.kind) {
    case 'new':
      return `  + ${name}  ${shown(change.value)}`;
    case 'same':
      return `  = ${name}  ${shown(change.value)}`;
    case 'replaced':
      return `  ~ ${name}  ${shown(change.value)}, in place of ${shown(change.before)}`;
    case 'kept':
      return `  = ${name}  ${shown(change.value)} is kept; --replace writes ${shown(change.offered)}`;
  }
}
