import { once } from 'node:events';
import { appendFileSync, writeFileSync } from 'node:fs';
import type { Words } from '../language/read-words.ts';
import { type CleanUp, cleanUpAtTheEnd } from './clean-up.ts';
import { playDemo } from './demo-script.ts';
import { both, tellAsMarkdown, tellOn } from './demo-telling.ts';
import { startSandbox } from './sandbox.ts';

/** Plays it and takes everything down; resolves with 1 if it failed. */
export async function run({ options }: Words, process: NodeJS.Process): Promise<number> {
  const record = options.get('record')?.at(-1);
  let cleanUp: CleanUp | undefined;
  const begun = (started: CleanUp) => {
    cleanUp = started;
    cleanUpAtTheEnd(started);
  };
  try {
    await play(record, begun, process);
    return 0;
  } catch (error) {
    process.stderr.write(`The demo failed: ${wordsOf(error)}\n`);
    return 1;
  } finally {
    await cleanUp?.run();
    if (process.stdout.writableNeedDrain) await once(process.stdout, 'drain');
  }
}

async function play(
  record: string | undefined,
  begun: (cleanUp: CleanUp) => void,
  { env, stdout }: NodeJS.Process,
): Promise<void> {
  // A file that cannot be written is better known before the play than after it.
  if (record !== undefined) appendFileSync(record, '');
  const sandbox = await startSandbox(begun);
  const telling = tellOn(stdout, sandbox.slack.workspace, env);
  const recording = record === undefined ? undefined : tellAsMarkdown(sandbox.slack.workspace);
  await playDemo(sandbox, recording === undefined ? telling : both(telling, recording));
  if (record !== undefined && recording !== undefined) {
    writeFileSync(record, recording.markdown());
    stdout.write(`\nThe conversation is written to ${record}.\n`);
  }
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
