import { stripVTControlCharacters } from 'node:util';
import { z } from 'zod';
import { SupervisorError } from './supervisor.ts';
import type { RunProgram } from './systemd-command.ts';
import type { Manager } from './systemd-names.ts';

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
