import { chmodSync, chownSync, existsSync, readFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { parse } from 'dotenv';
import { complaintOf, describeSettingComplaint, type SettingName, settingNames } from '../settings.ts';
import { replaceFile } from '../team/write-file.ts';
import { askedFor, askSetting, confirm } from './asking.ts';
import { type Change, changeOf, describeChange, valuesOf } from './changes.ts';
import { changedEnvText } from './env-text.ts';
import type { Terminal } from './terminal.ts';

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
