import { hostname } from 'node:os';
import type { Words } from '../../language/read-words.ts';
import { userName } from '../../supervisor/programs/user-name.ts';
import { styleOf } from '../terminal/style.ts';
import { renderReport } from './report.ts';
import { diagnose, isBroken } from './run-checks.ts';

/** Prints what it finds; resolves with 1 if anything is broken. */
export async function run({ options }: Words, process: NodeJS.Process): Promise<number> {
  const { examined, results } = await diagnose(process.env, process.cwd());
  const where = { host: hostname(), user: userName(examined.uid) };
  process.stdout.write(
    options.has('json')
      ? `${JSON.stringify({ ...where, checks: results }, null, 2)}\n`
      : `Muster's doctor on ${where.host}, as ${where.user}\n\n${renderReport(results, styleOf(process, 120))}`,
  );
  return isBroken(results) ? 1 : 0;
}
