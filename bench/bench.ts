import { cpus, loadavg, release } from 'node:os';
import { parseArgs } from 'node:util';
import { alerts } from './alerts.ts';
import { journal } from './journal.ts';
import { writeLastRun } from './last-run.ts';
import { muster } from './muster.ts';
import { type Bench, markdownOf, printRows, type Row } from './report.ts';
import { answers } from './slack.ts';
import { pointers } from './slack-pointers.ts';
import { drains } from './supervisor-drains.ts';
import { exitsKnown } from './supervisor-exits.ts';
import { idleWatching } from './supervisor-idle.ts';
import { status } from './supervisor-status.ts';

/** A new one: its file here, and its name in a section. */
const sections: Readonly<Record<string, readonly Bench[]>> = {
  supervisor: [status, exitsKnown, drains, idleWatching],
  slack: [answers, pointers],
  watch: [alerts],
  journal: [journal],
  terminal: [muster],
};

const print = (line: string) => process.stdout.write(`${line}\n`);
const { only, write } = parseArgs({
  options: { only: { type: 'string' }, write: { type: 'boolean', default: false } },
}).values;
const names = Object.entries(sections).flatMap(([section, benches]) => [
  section,
  ...benches.map(({ name }) => name),
]);
if (only !== undefined && !names.includes(only)) {
  process.stderr.write(`There is no bench "${only}". There are: ${names.join(', ')}.\n`);
  process.exit(1);
}
if (only !== undefined && write) {
  process.stderr.write('--write needs the whole run: leave --only out.\n');
  process.exit(1);
}

const startedAt = new Date();
const loadAtStart = loadavg()[0] ?? Number.NaN;
const rows: Row[] = [];
for (const [section, benches] of Object.entries(sections)) {
  for (const bench of benches) {
    if (only !== undefined && only !== section && only !== bench.name) continue;
    const began = performance.now();
    rows.push(...(await bench.run()));
    print(`${section}: ${bench.name} (${Math.round((performance.now() - began) / 1000)} s)`);
  }
}
const where = `${startedAt.toISOString().slice(0, 16)} UTC, ${cpus().length} × ${cpus()[0]?.model ?? 'cpu'}, Linux ${release()}, Node ${process.versions.node}; load ${loadAtStart.toFixed(1)} when it began.`;
print(`\n${where}\n`);
printRows(rows, print);
if (write) writeLastRun('docs/performance.md', [where, '', ...markdownOf(rows)]);
process.exitCode = rows.some((row) => row.isMet === false) ? 1 : 0;
