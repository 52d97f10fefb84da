import { hostname } from 'node:os';
import process from 'node:process';
import { userName } from '../../supervisor/programs/user-name.ts';
import { renderReport } from './report.ts';
import { diagnose, isBroken } from './run-checks.ts';

const usage = `npm run doctor [-- --json]

Holds the settings against the world: tokens, channels, people, the team's files, what keeps its agents running, who may read
what. It changes nothing. Ends with 1 if anything is broken.
`;

const args = process.argv.slice(2);

const unknown = args.filter((arg) => !['--json', '--help', '-h'].includes(arg));
if (unknown.length > 0) {
  process.stderr.write(`${unknown.join(' ')} is nothing the doctor knows.\n\n${usage}`);
  process.exit(2);
}
if (args.includes('--help') || args.includes('-h')) {
  process.stdout.write(usage);
  process.exit(0);
}

const { examined, results } = await diagnose(process.env, process.cwd());
if (args.includes('--json')) {
  process.stdout.write(
    `${JSON.stringify({ host: hostname(), user: userName(examined.uid), checks: results }, null, 2)}\n`,
  );
} else {
  const isTerminal = process.stdout.isTTY;
  const report = renderReport(results, {
    width: Math.min(process.stdout.columns ?? 100, 120),
    colour: isTerminal && !process.env.NO_COLOR,
  });
  process.stdout.write(`Muster's doctor on ${hostname()}, as ${userName(examined.uid)}\n\n${report}`);
}
process.exitCode = isBroken(results) ? 1 : 0;
