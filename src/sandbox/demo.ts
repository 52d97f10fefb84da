import { once } from 'node:events';
import { type CleanUp, cleanUpAtTheEnd } from './clean-up.ts';
import { playDemo } from './demo-script.ts';
import { startSandbox } from './sandbox.ts';

let cleanUp: CleanUp | undefined;
try {
  const sandbox = await startSandbox((begun) => {
    cleanUp = begun;
    cleanUpAtTheEnd(begun);
  });
  await playDemo(sandbox, process.stdout);
} catch (error) {
  process.exitCode = 1;
  process.stderr.write(
    `The demo failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  );
} finally {
  await cleanUp?.run();
}
if (process.stdout.writableNeedDrain) await once(process.stdout, 'drain');
process.exit();
