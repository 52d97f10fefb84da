import { stripVTControlCharacters } from 'node:util';
import { z } from 'zod';
import { SupervisorError } from '../supervisor.ts';
import type { RunProgram } from './systemctl.ts';
import type { Manager } from './unit-file.ts';

/** The last lines that the unit's processes printed, of this life or those before it. */
export async function readJournal(
  run: RunProgram,
  manager: Manager,
  unitName: string,
  count: number,
): Promise<readonly string[]> {
  const field = manager === 'user' ? '_SYSTEMD_USER_UNIT' : '_SYSTEMD_UNIT';
  const answer = await run('journalctl', [
    ...['--output=json', '--output-fields=MESSAGE', '--all', `--lines=${count}`],
    ...[`${field}=${unitName}`, '_TRANSPORT=stdout'],
  ]);
  if (answer.kind !== 'done') throw new SupervisorError(answer.reason);
  return answer.output.split('\n').flatMap(lineOf);
}

/** What isn't plain text comes as numbers. */
const entrySchema = z.object({ MESSAGE: z.union([z.string(), z.array(z.number())]).nullish() });

function lineOf(entry: string): string[] {
  if (entry === '') return [];
  const { MESSAGE: message } = entrySchema.parse(JSON.parse(entry));
  if (message === undefined || message === null) return [];
  return [onScreen(typeof message === 'string' ? message : Buffer.from(message).toString('utf8'))];
}

/** A program that draws over its own line shows what it wrote last. */
function onScreen(line: string): string {
  const shown = stripVTControlCharacters(line)
    .split('\r')
    .filter((text) => text.trim() !== '');
  return (shown.at(-1) ?? '').trimEnd();
}

/** Has systemd read the units again. Whoever asks while one is under way waits, with all others, for the next. */
export function createReload(run: RunProgram): () => Promise<void> {
  let current: Promise<void> = Promise.resolve();
  let next: Promise<void> | undefined;

  return () => {
    next ??= current.then(reload, reload);
    return next;
  };

  async function reload(): Promise<void> {
    current = next ?? current;
    next = undefined;
    const answer = await run('systemctl', ['daemon-reload']);
    if (answer.kind !== 'done') throw new SupervisorError(answer.reason);
  }
}

/** What systemd says about a unit that it has loaded. */
export interface Unit {
  readonly name: string;
  /** `active`, `activating`, `deactivating`, `inactive`, `failed`, ... */
  readonly active: string;
  /** `running`, `auto-restart`, `stop-sigterm`, `dead`, ... */
  readonly sub: string;
}

export type UnitListing =
  | { readonly kind: 'units'; readonly units: ReadonlyMap<string, Unit> }
  | { readonly kind: 'unknown'; readonly reason: string };

const listSchema = z.array(z.object({ unit: z.string(), active: z.string(), sub: z.string() }));

/** Every loaded unit whose name matches, in one question. One that isn't loaded isn't running. */
export async function listUnits(run: RunProgram, pattern: string, timeoutMs?: number): Promise<UnitListing> {
  const answer = await run('systemctl', ['list-units', '--all', '--output=json', pattern], timeoutMs);
  if (answer.kind !== 'done') return { kind: 'unknown', reason: answer.reason };
  const units = listSchema.safeParse(parseJson(answer.output));
  if (!units.success) {
    return {
      kind: 'unknown',
      reason: `systemctl list-units said what we cannot read: ${answer.output.slice(0, 100)}`,
    };
  }
  return {
    kind: 'units',
    units: new Map(units.data.map(({ unit, active, sub }) => [unit, { name: unit, active, sub }])),
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export type Properties = Readonly<Record<string, string>>;

/** The properties of each of these units, by unit; all in one question. */
export async function showUnits(
  run: RunProgram,
  names: readonly string[],
  properties: readonly string[],
  timeoutMs?: number,
): Promise<ReadonlyMap<string, Properties> | { readonly kind: 'unknown'; readonly reason: string }> {
  const args = ['show', `--property=${['Id', ...properties].join(',')}`, '--', ...names];
  const answer = await run('systemctl', args, timeoutMs);
  if (answer.kind !== 'done') return { kind: 'unknown', reason: answer.reason };
  return new Map(parseShow(answer.output).map((unit) => [unit.Id ?? '', unit]));
}

/** Blocks of `Name=value` with an empty line between them. */
export function parseShow(output: string): Properties[] {
  return output.split('\n\n').map((block) =>
    Object.fromEntries(
      block.split('\n').flatMap((line) => {
        const equals = line.indexOf('=');
        return equals > 0 ? [[line.slice(0, equals), line.slice(equals + 1)]] : [];
      }),
    ),
  );
}
