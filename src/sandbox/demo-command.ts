import { once } from 'node:events';
import { appendFileSync, writeFileSync } from 'node:fs';
import { ArgumentError, readDemoArguments } from './arguments.ts';
import { type CleanUp, cleanUpAtTheEnd } from './clean-up.ts';
import { playDemo } from './demo-script.ts';
import { both, tellAsMarkdown, tellOn } from './demo-telling.ts';
import { startSandbox } from './sandbox.ts';

let cleanUp: CleanUp | undefined;

try {
  const { record } = readDemoArguments(process.argv.slice(2));
  // A file that cannot be written is better known before the play than after it.
  if (record !== undefined) appendFileSync(record, '');
  const sandbox = await startSandbox((begun) => {
    cleanUp = begun;
    cleanUpAtTheEnd(begun);
  });
  const telling = tellOn(process.stdout, sandbox.slack.workspace, process.env);
  const recording = record === undefined ? undefined : tellAsMarkdown(sandbox.slack.workspace);
  await playDemo(sandbox, recording === undefined ? telling : both(telling, recording));
  if (record !== undefined && recording !== undefined) {
    writeFileSync(record, recording.markdown());
    process.stdout.write(`\nThe conversation is written to ${record}.\n`);
  }
} catch (error) {
  process.exitCode = 1;
  process.stderr.write(
    error instanceof ArgumentError ? `${error.message}\n` : `The demo failed: ${wordsOf(error)}\n`,
  );
} finally {
  await cleanUp?.run();
}
if (process.stdout.writableNeedDrain) await once(process.stdout, 'drain');
process.exit();

function wordsOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
