import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { Session } from 'node:inspector/promises';
import { join, relative } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { startSlackStandIn } from '../packages/slack-stand-in/src/slack-stand-in.ts';
import { startBot } from '../src/sandbox/bot-process.ts';
import { startCleanUp } from '../src/sandbox/clean-up.ts';
import { projectFile, writeTeam } from '../test/fakes/bot/e2e-agents.ts';
import { createTmuxServer } from '../test/fakes/tmux/tmux-server.ts';
import { until } from '../test/fakes/until.ts';

/**
 * Prints which of our files `/team drain shop:pay` executes, from Slack's socket to the signal and back, in the order in which they call one
 * another. The bot is a process of its own; V8 counts what runs there between the command and its verdict. Run it with
 * `npm run call-path`.
 */
const command = '/team drain shop:pay';

/** Room by room, as a command goes down through them. */
const path = [
  'slack',
  'language',
  'site',
  'operations',
  'operations/plan',
  'operations/locks',
  'operations/run',
  'operations/records',
  'journal',
  'supervisor',
  'supervisor/tmux',
  'supervisor/lifecycle',
  'supervisor/process',
  'supervisor/programs',
  'domain',
  'log',
  '',
];

/** Read for every command, or at work beside it. */
const apart = ['team', 'watch'];

const repository = fileURLToPath(new URL('..', import.meta.url));

const reportsTo = new URL(import.meta.url).searchParams.get('reports-to');
if (reportsTo === null) await print();
else await countInside(reportsTo);

/** The part inside the bot: begins to count at the first SIGUSR2, and says at the second what ran. */
async function countInside(file: string): Promise<void> {
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  process.once('SIGUSR2', async () => {
    await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: false });
    writeFileSync(`${file}.counting`, '');
    process.once('SIGUSR2', async () => {
      const { result } = await session.post('Profiler.takePreciseCoverage');
      // A module's own body counts as a function without a name; it ran when the bot started.
      const executed = result.filter(({ functions }) =>
        functions.some(({ functionName, ranges }) => functionName !== '' && (ranges[0]?.count ?? 0) > 0),
      );
      writeFileSync(`${file}.new`, JSON.stringify(executed.map(({ url }) => url)));
      renameSync(`${file}.new`, file);
    });
  });
}

async function print(): Promise<void> {
  const files = (await executedFiles())
    .filter((url) => url.startsWith('file:'))
    .map((url) => relative(repository, fileURLToPath(url)))
    .filter((file) => file.startsWith('src/'))
    .map((file) => file.slice('src/'.length));
  const roomOf = (file: string) =>
    [...path, ...apart].find((room) => room !== '' && file.startsWith(`${room}/`) && !isDeeper(file, room)) ??
    '';
  const lines = (rooms: readonly string[]) =>
    rooms.flatMap((room) => {
      const inside = files.filter((file) => roomOf(file) === room).sort();
      return inside.map((file) => `  ${file}`);
    });
  const [down, beside] = [lines(path), lines(apart)];
  process.stdout.write(
    [
      `${command}: ${down.length} files, from the socket to the signal and back`,
      ...down,
      `and ${beside.length} files of the team and the watch`,
      ...beside,
      `${down.length + beside.length} files in all`,
      '',
    ].join('\n'),
  );
}

/** In a room of its own further down the list. */
function isDeeper(file: string, room: string): boolean {
  return path.some((other) => other.startsWith(`${room}/`) && file.startsWith(`${other}/`));
}

/** Their URLs. */
async function executedFiles(): Promise<readonly string[]> {
  const cleanUp = await startCleanUp();
  try {
    const slack = await startSlackStandIn({
      people: [{ name: 'ana' }],
      channels: [{ name: 'ops' }, { name: 'alerts' }],
    });
    cleanUp.add('a Slack stand-in', () => slack.close());
    const server = createTmuxServer();
    cleanUp.add('tmux', () => server.stop());
    const { directory } = cleanUp;
    const { root } = writeTeam(directory, {
      projects: { shop: projectFile('shop', { workers: { pay: 'polite' } }) },
    });
    const report = join(directory, 'executed.json');
    const inside = new URL(import.meta.url);
    inside.search = new URLSearchParams({ 'reports-to': report }).toString();
    const bot = await startBot({
      ...{ slack, cleanUp, root, operators: ['ana'], directory, logFile: join(directory, 'bot.log') },
      env: { ...server.env, NODE_OPTIONS: `--import=${inside.href}` },
    });
    const done = () => readFileSync(join(directory, 'bot.log'), 'utf8').match(/ INFO done /g)?.length ?? 0;
    const say = async (text: string) => {
      const before = done();
      await slack.slash('ana', 'ops', text);
      await until(`${text} is done`, () => done() > before, 30_000);
    };
    await say('/team up shop');
    bot.kill('SIGUSR2');
    await until('the bot counts', () => existsSync(`${report}.counting`));
    await say(command);
    bot.kill('SIGUSR2');
    await until('the bot has counted', () => existsSync(report));
    return JSON.parse(readFileSync(report, 'utf8')) as string[];
  } finally {
    await cleanUp.run();
  }
}
