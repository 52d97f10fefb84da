import { PortError } from '../../packages/slack-stand-in/src/server/loopback-server.ts';
import { startTerminalSession } from '../../packages/slack-stand-in/src/terminal/session.ts';
import { commands } from '../slack/commands/all-commands.ts';
import { ArgumentError, readSandboxArguments, type SandboxArguments } from './arguments.ts';
import { openInBrowser } from './browser.ts';
import { type CleanUp, cleanUpAtTheEnd } from './clean-up.ts';
import { createDemoHost } from './demo-host.ts';
import { createPage } from './page-server/page.ts';
import { pageWords } from './page-words.ts';
import { startSandbox } from './sandbox.ts';

let cleanUp: CleanUp | undefined;

try {
  await run(readSandboxArguments(process.argv.slice(2)));
} catch (error) {
  process.exitCode = 1;
  process.stderr.write(
    error instanceof ArgumentError || error instanceof PortError
      ? `${error.message}\n`
      : `The sandbox failed: ${wordsOf(error)}\n`,
  );
} finally {
  await cleanUp?.run();
}
process.exit();

async function run({ port, open, terminal }: SandboxArguments): Promise<void> {
  const page = await createPage();
  const sandbox = await startSandbox(
    (begun) => {
      cleanUp = begun;
      cleanUpAtTheEnd(begun);
      begun.add('the page', () => page.close());
    },
    { port, pages: page.handler },
  );
  const { slack, team, host, logFile } = sandbox;
  page.open({ slack, host: createDemoHost(host, team), words: await pageWords(sandbox) });

  process.stdout.write(
    [
      `The sandbox is at ${slack.origin}`,
      `A team of real stub agents runs under ${team.root}; the bot's log is ${logFile}.`,
      ...(terminal
        ? [
            'Try /team status, then /team drain shop:pay, which does not want to stop. Or edit projects/shop.yaml there and try /team reload shop.',
            '"help" lists what you can type here, "quit" ends it all.',
          ]
        : ['Ctrl-C ends it all. To type here as well: npm run sandbox -- --terminal']),
      '',
    ].join('\n'),
  );
  if (open)
    openInBrowser(slack.origin, () =>
      process.stderr.write(`No browser could be started here; open ${slack.origin} yourself.\n`),
    );
  if (!terminal) return await new Promise(() => setInterval(() => undefined, 60_000));
  await startTerminalSession({
    slack,
    input: process.stdin,
    output: process.stdout,
    env: process.env,
    subCommands: commands.map(({ name }) => name),
  }).ended;
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
