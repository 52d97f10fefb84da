import { chmodSync, chownSync, existsSync, readFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { parse } from 'dotenv';
import {
  aboutSetting,
  alertChannelAlone,
  complaintOf,
  describeSettingComplaint,
  isSecret,
  type SettingName,
  settingNames,
} from '../../settings.ts';
import { replaceFile } from '../../team/write-file.ts';
import type { Terminal } from '../terminal/prompt.ts';
import { changedEnvText } from './env-text.ts';

/** What Muster does not start without, and who may change anything. */
export const askedFor = [
  'SLACK_BOT_TOKEN',
  'SLACK_APP_TOKEN',
  'SLACK_CHANNELS',
  'SLACK_ALERT_CHANNEL',
  'SLACK_OPERATORS',
] as const satisfies readonly SettingName[];

/** Asks until the answer is right; Enter takes what is offered. */
export async function askSetting(
  terminal: Terminal,
  name: SettingName,
  offered: string | undefined,
): Promise<string> {
  const { expected, where } = aboutSetting(name);
  const hidden = isSecret(name);
  const right = offered !== undefined && complaintOf(name, offered) === undefined ? offered : undefined;
  terminal.say(`\n${name}: ${expected}.\n  ${where}`);
  if (name === 'SLACK_ALERT_CHANNEL')
    terminal.say(`  If it is none of SLACK_CHANNELS, ${alertChannelAlone}.`);
  const enter = right === undefined ? '' : `Enter takes ${hidden ? 'the one that is there' : right}`;
  const hint = [...(hidden ? ['it is not shown while you paste it'] : []), ...(enter ? [enter] : [])].join(
    '; ',
  );
  for (;;) {
    const typed = await terminal.ask(`  ${hint === '' ? '' : `(${hint}) `}> `, { hidden });
    const answer = typed === '' ? (right ?? '') : typed;
    const complaint = complaintOf(name, answer);
    if (complaint === undefined) return answer;
    terminal.say(`  ${describeSettingComplaint(complaint)}`);
  }
}

/** Anything but yes is no. */
export async function confirm(terminal: Terminal, question: string): Promise<boolean> {
  return /^y(es)?$/i.test(await terminal.ask(`${question} [y/N] `));
}

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

/** Something is missing or wrong; nothing was written. The message has one line for each. */
export class SetupRefusedError extends Error {
  override readonly name = 'SetupRefusedError';
}

export interface EnvStep {
  readonly path: string;
  readonly inherited: Readonly<Record<string, string | undefined>>;
  /** What follows from the rest of the set-up, such as the team that was found. */
  readonly found: ReadonlyMap<SettingName, string>;
  readonly terminal: Terminal;
  /** Whether a person answers; else the environment does. */
  readonly asks: boolean;
  readonly mayReplace: boolean;
  /** Whom the file belongs to, where that is not who writes it. */
  readonly owner?: { readonly uid: number; readonly gid: number };
}

/** Gathers the values, shows what changes, and writes. Resolves with false if the person did not want it written. */
export async function writeEnv(step: EnvStep): Promise<boolean> {
  const { path, terminal } = step;
  const text = existsSync(path) ? readFileSync(path, 'utf8') : undefined;
  const before = parse(text ?? '');
  const changes = step.asks ? await askedChanges(step, before) : givenChanges(step, before);
  terminal.say(`\n${path}, for ${step.owner === undefined ? 'you' : 'the bot'} alone (mode 600):`);
  for (const change of changes) terminal.say(describeChange(change));
  const values = valuesOf(changes);
  if (step.asks && values.size > 0 && !(await confirm(terminal, 'Write this?'))) return false;
  if (values.size > 0) {
    const content = changedEnvText(text, values);
    await replaceFile({ within: dirname(path), path: basename(path), content, mode: 0o600 });
  }
  chmodSync(path, 0o600);
  if (step.owner !== undefined) chownSync(path, step.owner.uid, step.owner.gid);
  return true;
}

type Values = Readonly<Record<string, string | undefined>>;

/** What a person has typed, knowing what was there, may replace it. */
async function askedChanges(
  { terminal, inherited, found }: EnvStep,
  before: Values,
): Promise<readonly Change[]> {
  const changes: Change[] = [];
  let channel: string | undefined;
  for (const name of askedFor) {
    const suggested = name === 'SLACK_ALERT_CHANNEL' ? channel : undefined;
    const offered = before[name]?.trim() || inherited[name]?.trim() || suggested;
    const answer = await askSetting(terminal, name, offered);
    if (name === 'SLACK_CHANNELS') channel = answer.split(/[\s,]+/)[0];
    changes.push(changeOf(name, before[name], answer, true));
  }
  return [...changes, ...fromFound(found, before, false)];
}

function givenChanges({ inherited, found, mayReplace }: EnvStep, before: Values): readonly Change[] {
  const given = settingNames.flatMap((name) => {
    const value = inherited[name]?.trim();
    return value && !found.has(name) ? [changeOf(name, before[name], value, mayReplace)] : [];
  });
  const there = new Set(given.map(({ name }) => name));
  const kept = askedFor
    .filter((name) => !there.has(name))
    .map((name) => changeOf(name, before[name], before[name]?.trim() ?? '', false));
  const changes = [...given, ...kept, ...fromFound(found, before, mayReplace)];
  const complaints = changes.flatMap(({ name, value }) => complaintOf(name, value) ?? []);
  if (complaints.length > 0) {
    const lines = complaints.map((complaint) => `- ${describeSettingComplaint(complaint)}`);
    throw new SetupRefusedError(`Nothing was written:\n${lines.join('\n')}`);
  }
  return changes.filter(({ value }) => value !== '');
}

function fromFound(found: EnvStep['found'], before: Values, mayReplace: boolean): readonly Change[] {
  return [...found].map(([name, value]) => changeOf(name, before[name], value, mayReplace));
}
