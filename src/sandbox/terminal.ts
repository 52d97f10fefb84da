import { commands } from '../slack/commands.ts';
import { type CleanUp, cleanUpAtTheEnd } from './clean-up.ts';
import { startSandbox } from './sandbox.ts';
import { startTerminalSession } from './terminal-session.ts';

let cleanUp: CleanUp | undefined;
try {
  const { slack, team, logFile } = await startSandbox((begun) => {
    cleanUp = begun;
    cleanUpAtTheEnd(begun);
  });
  process.stdout.write(
    [
      `A team of real stub agents runs under ${team.root}; the bot's log is ${logFile}.`,
      'Try /team status, then /team drain shop:pay, which does not want to stop. Or edit projects/shop.yaml there and try /team reload shop.',
      '"help" lists what you can type here, "quit" ends it all.',
      '',
    ].join('\n'),
  );
  const session = startTerminalSession({
    slack,
    input: process.stdin,
    output: process.stdout,
    env: process.env,
    subCommands: commands.map(({ name }) => name),
  });
  await session.ended;
} catch (error) {
  process.exitCode = 1;
  process.stderr.write(
    `The sandbox failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  );
} finally {
  await cleanUp?.run();
}
process.exit();
