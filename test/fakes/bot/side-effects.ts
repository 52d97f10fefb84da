import childProcess, { type ChildProcess } from 'node:child_process';
import { syncBuiltinESMExports } from 'node:module';
import { basename } from 'node:path';
import process from 'node:process';
import { WebSocket } from 'undici';

type Point = (what: string) => void;

/** What only looks. Whatever else is called counts as a change, so that no new one can be forgotten. */
const looks = {
  program: /^(ps|vm_stat|systemctl( --user)? (show|is-system-running))\b/,
  tmux: /^(list-|capture-pane|display-message|show-|has-session|info)/,
  slack: /^(auth\.test|apps\.connections\.open|users\.|usergroups\.|conversations\.|team\.)/,
};

/** Calls `point` before, and where it takes a while also after, each thing this process does to others: programs it starts, signals it sends, what it tells Slack. */
export function watchSideEffects(point: Point): void {
  watchPrograms(point);
  watchSignals(point);
  watchCalls(point);
  watchSockets(point);
  syncBuiltinESMExports();
}

function watchPrograms(point: Point): void {
  const { spawn } = childProcess;
  childProcess.spawn = ((...call: Parameters<typeof spawn>) => {
    const [program, args] = call as unknown as [string, readonly string[] | undefined];
    if (isShell(args)) return watchShell(spawn(...call), point);
    const name = programName(basename(program), Array.isArray(args) ? args : []);
    if (name === undefined) return spawn(...call);
    point(`before ${name}`);
    const child: ChildProcess = spawn(...call);
    // Ours is the first to hear of it: what it did is done, and nobody knows.
    child.once('exit', () => point(`after ${name}`));
    return child;
  }) as typeof spawn;
}

/** One that is told by its input what to run. */
function isShell(args: readonly string[] | undefined): boolean {
  return Array.isArray(args) && args.join(' ') === '-s muster';
}

/** What it is told to run is on one line, followed by a mark that it prints when that is done. */
function watchShell(child: ChildProcess, point: Point): ChildProcess {
  const { stdin, stdout } = child;
  if (stdin === null || stdout === null) throw new Error('the shell has no pipes');
  let under: { readonly name: string; readonly mark: string } | undefined;
  let output = '';
  const write = stdin.write.bind(stdin) as (text: string) => boolean;
  stdin.write = ((text: string) => {
    const [, mark = ''] = /^printf '.*' (\S+) \$\?$/m.exec(text) ?? [];
    if (mark === '') throw new Error(`no mark tells the end of: ${text}`);
    const [program = '', ...args] = wordsIn(text.slice(0, text.indexOf(' </dev/null\n')));
    const name = programName(basename(program), args);
    if (name === undefined) return write(text);
    point(`before ${name}`);
    output = '';
    under = { name, mark };
    return write(text);
  }) as typeof stdin.write;
  stdout.on('data', (text) => {
    output += text;
    if (under === undefined || !output.includes(`\n${under.mark} `)) return;
    point(`after ${under.name}`);
    under = undefined;
  });
  return child;
}

/** As a shell reads them: each in quotes. */
function wordsIn(command: string): readonly string[] {
  return (command.match(/(?:'[^']*'|\\')+/g) ?? []).map((word) =>
    word.replace(/'([^']*)'|\\(')/g, (_, quoted, quote) => quoted ?? quote),
  );
}

function programName(program: string, args: readonly string[]): string | undefined {
  if (program === 'tmux') return tmuxName(args.filter((arg) => arg !== '-u'));
  const name = [program, ...args].join(' ').replace(/\/tmp\/\S+/g, 'PATH');
  return looks.program.test(name) ? undefined : name;
}

/** Our commands to one pane are the last word of a condition. Sessions are called the same each time, panes are not. */
function tmuxName(args: readonly string[]): string | undefined {
  const command = args[0] === 'if-shell' ? (args.at(-1) ?? '') : args.join(' ');
  const verbs = command
    .split(' ; ')
    .map((one) => one.match(/^[a-z]+-[a-z]+|-C [a-z]+/)?.[0] ?? one)
    .filter((verb) => !looks.tmux.test(verb));
  if (verbs.length === 0) return undefined;
  const session = /\be2e-\S+/.exec(command)?.[0];
  const keys = /send-keys -t \S+ (.*)$/.exec(command)?.[1];
  return ['tmux', ...verbs, session, keys].filter((part) => part !== undefined).join(' ');
}

function watchSignals(point: Point): void {
  const { kill } = process;
  process.kill = (pid, signal) => {
    if (signal === 0) return kill.call(process, pid, signal);
    point(`before signal ${signal}`);
    return kill.call(process, pid, signal);
  };
}

function watchCalls(point: Point): void {
  const { fetch } = globalThis;
  globalThis.fetch = async (input, init) => {
    const method = new URL(String(input)).pathname.replace(/^\/api\//, '');
    if (looks.slack.test(method)) return await fetch(input, init);
    const name = `slack ${method.startsWith('/') ? 'response_url' : method} ${subjectOf(init?.body)}`.trim();
    point(`before ${name}`);
    const response = await fetch(input, init);
    point(`after ${name}`);
    return response;
  };
}

/** What kind of message is posted, by its id. */
function subjectOf(body: unknown): string {
  const metadata = new URLSearchParams(typeof body === 'string' ? body : String(body ?? '')).get('metadata');
  return (
    /"id":"([A-Za-z]+)-[^"]*?(-over)?"/
      .exec(metadata ?? '')
      ?.slice(1)
      .join('') ?? ''
  );
}

function watchSockets(point: Point): void {
  const { send } = WebSocket.prototype;
  WebSocket.prototype.send = function (data) {
    point('before slack ack');
    send.call(this, data);
    point('after slack ack');
  };
}
