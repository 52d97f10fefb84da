import { parseArgs } from 'node:util';
import { alerts } from './alerts.ts';
import { type Bench, printRows, type Row } from './report.ts';
import { answers } from './slack.ts';
import { drains } from './supervisor-drains.ts';
import { exitsKnown } from './supervisor-exits.ts';
import { idleWatching } from './supervisor-idle.ts';
import { status } from './supervisor-status.ts';

const sections: Readonly<Record<string, readonly Bench[]>> = {
  supervisor: [status, exitsKnown, drains, idleWatching],
  slack: [answers],
  watch: [alerts],
};

const print = (line: string) => process.stdout.write(`${line}\n`);
const { only } = parseArgs({ options: { only: { type: 'string' } } }).values;
const names = Object.entries(sections).flatMap(([section, benches]) => [
  section,
  ...benches.map(({ name }) => name),
]);
if (only !== undefined && !names.includes(only)) {
  process.stderr.write(`There is no bench "${only}". There are: ${names.join(', ')}.\n`);
  process.exit(1);
}

let isMet = true;
for (const [section, benches] of Object.entries(sections)) {
  const chosen = benches.filter(({ name }) => only === undefined || only === section || only === name);
  if (chosen.length === 0) continue;
  const startedAt = performance.now();
  const rows: Row[] = [];
  for (const bench of chosen) rows.push(...(await bench.run()));
  print(`\n${section}`);
  printRows(rows, print);
  print(`(${Math.round((performance.now() - startedAt) / 1000)} s)`);
  if (rows.some((row) => row.isMet === false)) isMet = false;
}
process.exitCode = isMet ? 0 : 1;
