import { PortError } from '../../packages/slack-stand-in/src/server/loopback-server.ts';
import { startTerminalSession } from '../../packages/slack-stand-in/src/terminal/session.ts';
import type { Words } from '../language/read-words.ts';
import { verbsIn } from '../language/verbs.ts';
import { readSandboxArguments, type SandboxArguments } from './arguments.ts';
import { openInBrowser } from './browser.ts';
import { type CleanUp, cleanUpAtTheEnd } from './clean-up.ts';
import { createDemoHost } from './demo-host.ts';
import { createPage } from './page-server/page.ts';
import { pageWords } from './page-words.ts';
import { startSandbox } from './sandbox.ts';

/** Lives until it is told to end; resolves with 1 if it could not. Throws UsageError. */
export async function run(words: Words, process: NodeJS.Process): Promise<number> {
  const asked = readSandboxArguments(words);
  let cleanUp: CleanUp | undefined;
  const begun = (started: CleanUp) => {
    cleanUp = started;
    cleanUpAtTheEnd(started);
  };
  try {
    await live(asked, begun, process);
    return 0;
  } catch (error) {
    process.stderr.write(
      error instanceof PortError ? `${error.message}\n` : `The sandbox failed: ${wordsOf(error)}\n`,
    );
    return 1;
  } finally {
    await cleanUp?.run();
  }
}

async function live(
  { port, open, terminal }: SandboxArguments,
  begun: (cleanUp: CleanUp) => void,
  process: NodeJS.Process,
): Promise<void> {
  const page = await createPage();
  const sandbox = await startSandbox(
    (cleanUp) => {
      begun(cleanUp);
      cleanUp.add('the page', () => page.close());
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
        : ['Ctrl-C ends it all. To type here as well: muster sandbox --terminal']),
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
    subCommands: verbsIn('slack').map(({ name }) => name),
  }).ended;
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
