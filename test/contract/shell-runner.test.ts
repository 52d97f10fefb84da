import { spawn } from 'node:child_process';
import { once } from 'node:events';
import process from 'node:process';
import { describe, expect, it } from 'vitest';
import { parseStat, readOf } from '../../src/supervisor/process/process-table.ts';
import { createShellRunner } from '../../src/supervisor/programs/shell-runner.ts';
import { argvOf } from '../fakes/team/agent-tree-on-disk.ts';
import { processesWith } from '../fakes/tmux/tmux-server.ts';
import { until } from '../fakes/until.ts';

/** By it the shells of one test are told from those of the others. */
let testNumber = 0;
const newEnv = () => ({ PATH: '/usr/bin:/bin', TEST_OF_SHELLS: `${process.pid}-${testNumber++}` });
/** Of the shells themselves, not of what they run. */
const shellsOf = (env: ReturnType<typeof newEnv>) =>
  processesOf(env).filter((pid) => parseStat(readOf(pid, 'stat') ?? '').ppid === process.pid).length;
const inTime = (verb: string, limitMs = 10_000) => ({ verb, limitMs });

describe('programs that a shell runs for us', () => {
  it.each([
    ['quotes', `it's "so" \\' $HOME \`id\` $(id) ; & | > <`],
    ['line ends and tabs', 'one\ntwo\n\n\tthree\n'],
    ['any Unicode', 'Grüße 👋🏽 \u2028'],
    ['nothing', ''],
  ])('get %s as they are, and answer so', async (_, word) => {
    const run = createShellRunner(newEnv());

    const ran = await run('printf', ['%s|', word], inTime('printf'));

    expect(ran).toEqual({ kind: 'done', output: `${word}|` });
  });

  it('have this environment and nothing to read', async () => {
    const env = newEnv();
    const run = createShellRunner(env);

    expect(await run('cat', [], inTime('cat'))).toEqual({ kind: 'done', output: '' });
    const seen = await run('env', [], inTime('env'));
    expect(seen).toMatchObject({ output: expect.stringContaining(`TEST_OF_SHELLS=${env.TEST_OF_SHELLS}`) });
    expect(seen).not.toMatchObject({ output: expect.stringMatching(/^VITEST/m) });
  });

  it('that fail are told with their code and their words, and those that end by a signal are no answer', async () => {
    const run = createShellRunner(newEnv());

    expect(await run('sh', ['-c', 'echo no; echo why >&2; exit 3'], inTime('sh -c'))).toEqual({
      kind: 'failed',
      code: 3,
      reason: 'sh -c: why',
    });
    expect(await run('sh', ['-c', 'exit 1'], inTime('sh -c'))).toMatchObject({
      reason: 'sh -c: exit code 1',
    });
    expect(await run('sh', ['-c', 'kill -KILL $$'], inTime('sh -c'))).toMatchObject({ kind: 'unknown' });
    expect(await run('no-such-program', [], inTime('no-such-program'))).toEqual({
      kind: 'unknown',
      reason: 'no-such-program: there is no no-such-program on the PATH',
    });
  });

  it('that answer too late are killed, and others are not', async () => {
    const env = newEnv();
    const run = createShellRunner(env);
    const other = run('sh', ['-c', 'sleep 1; echo well'], inTime('sh -c'));

    const ran = await run('sleep', ['1000'], inTime('tmux list-panes', 200));

    expect(ran).toEqual({ kind: 'unknown', reason: 'tmux list-panes did not answer within 0.2 s' });
    await until('it has gone', () => !processesOf(env).some((pid) => argvOf(pid).includes('1000')));
    expect(await other).toEqual({ kind: 'done', output: 'well' });
  });

  it('are run by as many shells as there are programs at a time; what is idle ends but for one', async () => {
    const env = newEnv();
    const run = createShellRunner(env);
    const names = ['a', 'b', 'c', 'd'];

    const ran = await Promise.all(names.map((name) => run('echo', [name], inTime('echo'))));

    expect(ran).toEqual(names.map((output) => ({ kind: 'done', output })));
    expect(processesOf(env)).toHaveLength(4);
    await until('one is left', () => processesOf(env).length === 1);
    const [left] = processesOf(env);
    expect(await run('echo', ['e'], inTime('echo'))).toEqual({ kind: 'done', output: 'e' });
    expect(processesOf(env)).toEqual([left]);
  });

  it('are never run by more than eight at a time, and all have their turn', async () => {
    const env = newEnv();
    const run = createShellRunner(env);
    const names = Array.from({ length: 30 }, (_, index) => `${index}`);

    const all = names.map((name) => run('sh', ['-c', `sleep 0.05; echo ${name}`], inTime('sh -c')));
    await until('they are at work', () => shellsOf(env) > 0);
    const most = shellsOf(env);
    const ran = await Promise.all(all);

    expect(ran).toEqual(names.map((output) => ({ kind: 'done', output })));
    expect(Math.max(most, shellsOf(env))).toBeLessThanOrEqual(8);
  });

  it('that hang keep the rest waiting for no longer than each may take, and are followed by others', async () => {
    const run = createShellRunner(newEnv());
    const startedAt = performance.now();
    const hung = Array.from({ length: 12 }, () => run('sleep', ['1000'], inTime('tmux list-panes', 300)));

    expect(await Promise.all(hung)).toEqual(
      hung.map(() => ({ kind: 'unknown', reason: 'tmux list-panes did not answer within 0.3 s' })),
    );
    expect(performance.now() - startedAt).toBeLessThan(10_000);
    const after = Array.from({ length: 9 }, () => run('echo', ['on'], inTime('echo')));
    expect(await Promise.all(after)).toEqual(after.map(() => ({ kind: 'done', output: 'on' })));
  });

  it('are run by another shell when one was killed, in the midst of a program or after it', async () => {
    const env = newEnv();
    const run = createShellRunner(env);
    const ran = run('sleep', ['1000'], inTime('sleep'));
    await until('it runs', () => processesOf(env).length === 2);
    for (const pid of processesOf(env)) process.kill(pid, 'SIGKILL');

    expect(await ran).toEqual({ kind: 'unknown', reason: 'sleep was run by a shell that has ended' });
    expect(await run('echo', ['on'], inTime('echo'))).toMatchObject({ output: 'on' });
    for (const pid of processesOf(env)) process.kill(pid, 'SIGKILL');
    await until(
      'its end is known, and another runs it',
      async () => (await run('echo', ['on'], inTime('echo'))).kind === 'done',
    );
  });

  it.each(['ends', 'is killed'])('leave no shell when the process that asked %s', async (how) => {
    const env = newEnv();
    const module = new URL('../../src/supervisor/programs/shell-runner.ts', import.meta.url).href;
    const wait = how === 'ends' ? '' : 'setInterval(() => {}, 1000);';
    const script = `import { createShellRunner } from '${module}';
      await createShellRunner(process.env)('echo', ['on'], { verb: 'echo', limitMs: 10000 });
      console.log('asked'); ${wait}`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
      env,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const ended = once(child, 'exit');
    await once(child.stdout, 'data');

    if (how === 'is killed') child.kill('SIGKILL');

    await ended;
    await until('its shell has gone', () => processesOf(env).length === 0);
  });
});

function processesOf({ TEST_OF_SHELLS }: { readonly TEST_OF_SHELLS: string }): number[] {
  return processesWith(`TEST_OF_SHELLS=${TEST_OF_SHELLS}`);
}
