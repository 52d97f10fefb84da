import { spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isRunning } from '../fakes/team/agent-tree-on-disk.ts';
import { until } from '../fakes/until.ts';

const wrapper = fileURLToPath(new URL('../../src/team/agent-wrapper.sh', import.meta.url));
const shells = ['/bin/dash', '/bin/bash', '/bin/busybox'];
/** What the real programs take of what a wrapper may give them; they end with an error at anything else that begins with a dash. */
const known: Readonly<Record<string, { readonly valued: string; readonly plain: string }>> = {
  codex: { valued: '--model | -c', plain: '--search' },
  gemini: { valued: '--model', plain: '--yolo' },
};
/** What busybox is told to be. */
const asShell = (shell: string) => (shell.endsWith('busybox') ? ['sh'] : []);

for (const shell of shells) {
  const reason = existsSync(shell) ? '' : ` (skipped: there is no ${shell})`;

  describe.skipIf(reason !== '')(`the wrapper in ${shell}${reason}`, () => {
    let root: string;
    let bin: string;

    beforeEach(() => {
      root = realpathSync(mkdtempSync(join(tmpdir(), 'muster-wrapper-')));
      bin = join(root, 'bin');
      for (const folder of [bin, join(root, 'project'), join(root, 'runtimes')]) mkdirSync(folder);
    });

    afterEach(() => rmSync(root, { recursive: true, force: true }));

    /** A program on the agent's PATH that writes down how it was called, then has its wrapper asked to stop. It refuses what the real one does not know. */
    function install(name: string): void {
      const { valued, plain } = known[name] ?? { valued: '*', plain: '*' };
      const text = `#!/bin/sh
kill -TERM $PPID
value=
for word; do
  if [ -n "$value" ]; then value=; continue; fi
  case $word in
    ${valued}) value=next ;;
    ${plain}) ;;
    -*) echo "error: unexpected argument $word" >&2; exit 2 ;;
  esac
done
{ echo "\${0##*/}"; pwd; for word; do echo "<$word>"; done; } >'${root}/called'
echo "$GEMINI_SYSTEM_MD" >'${root}/system-prompt'
exit 5
`;
      writeFileSync(join(bin, name), text, { mode: 0o755 });
    }

    /** What Muster wrote for the agent's wrapper to add. */
    function writeArguments(...lines: readonly string[]): void {
      mkdirSync(join(root, 'state/muster/args'), { recursive: true });
      writeFileSync(join(root, 'state/muster/args/shop-dev'), lines.map((line) => `${line}\n`).join(''));
    }

    async function run(env: Record<string, string>, args = ['shop:dev']) {
      const result = await execa(shell, [...asShell(shell), wrapper, ...args], {
        cwd: root,
        env: {
          PATH: `${bin}:/usr/bin:/bin`,
          TEAMCTL_ROOT: root,
          CLAUDE_PROJECT_DIR: join(root, 'project'),
          BOOTSTRAP_PROMPT: 'begin, please',
          ...env,
        },
        extendEnv: false,
        reject: false,
        timeout: 20_000,
      });
      const called = existsSync(join(root, 'called'))
        ? readFileSync(join(root, 'called'), 'utf8').split('\n')
        : [];
      return { ...result, called: called.slice(0, -1) };
    }

    it('calls claude with everything that is set, in the known order, in the project’s directory', async () => {
      install('claude');
      writeFileSync(join(root, 'role.md'), 'You are\nthe lead.');

      const { called } = await run({
        RUNTIME: 'claude-code',
        PERMISSION_MODE: 'plan',
        MODEL: 'sonnet[1m]',
        EFFORT: 'high',
        MCP_CONFIG: '/x/mcp file.json',
        SYSTEM_PROMPT_PATH: join(root, 'role.md'),
      });

      expect(called).toEqual([
        'claude',
        join(root, 'project'),
        ...['<--permission-mode>', '<plan>', '<--dangerously-skip-permissions>', '<--model>', '<sonnet[1m]>'],
        ...['<--effort>', '<high>', '<--mcp-config>', '</x/mcp file.json>'],
        ...['<--dangerously-load-development-channels>', '<server:team>'],
        ...['<--append-system-prompt>', '<You are', 'the lead.>', '<-->', '<begin, please>'],
      ]);
    });

    it('ends its helper, and nobody who has got the pid of one that had ended', async () => {
      const [endHelper] = /^end_helper\(\) \{.*?^\}/ms.exec(readFileSync(wrapper, 'utf8')) ?? [];
      const bystander = spawn('sleep', ['1000']);
      const script = `${endHelper}
helper=${bystander.pid}; end_helper
sleep 1000 & helper=$!; end_helper; wait "$helper"; echo "$?"`;

      const { stdout } = await execa(shell, [...asShell(shell), '-c', script], { timeout: 10_000 });
      const lives = isRunning(bystander.pid);
      bystander.kill();

      expect({ stdout, lives }).toEqual({ stdout: '143', lives: true });
    });

    it('calls claude with no more than is set', async () => {
      install('claude');

      const { called } = await run({ RUNTIME: 'claude-code', SYSTEM_PROMPT_PATH: '' });

      expect(called.slice(2)).toEqual([
        ...['<--dangerously-skip-permissions>', '<--dangerously-load-development-channels>', '<server:team>'],
        ...['<-->', '<begin, please>'],
      ]);
    });

    const fixed = ['<-c>', '<check_for_update_on_startup=false>'];

    it('starts codex, which takes only what it knows, with its role prompt and its MCP servers', async () => {
      install('codex');
      writeFileSync(join(root, 'role.md'), 'You are\nthe lead.\n');
      writeArguments(
        '-c',
        'mcp_servers.team.command="/opt/team mcp"',
        '-c',
        'mcp_servers.team.args=["-x", "*"]',
      );

      const { called, stdout } = await run({
        RUNTIME: 'codex',
        MODEL: 'm',
        MCP_CONFIG: '/mcp',
        SYSTEM_PROMPT_PATH: join(root, 'role.md'),
      });

      expect(called.slice(2)).toEqual([
        ...['<--model>', '<m>', ...fixed],
        ...['<-c>', '<developer_instructions="""', 'You are', 'the lead.""">'],
        ...['<-c>', '<mcp_servers.team.command="/opt/team mcp">'],
        ...['<-c>', '<mcp_servers.team.args=["-x", "*"]>', '<begin, please>'],
      ]);
      expect(stdout).not.toMatch(/no argument|no MCP|no role/);
    });

    it('gives codex at least one setting, which keeps its work out of a daemon, and no more than is set', async () => {
      install('codex');

      const { called } = await run({ RUNTIME: 'codex', SYSTEM_PROMPT_PATH: '' });

      expect(called.slice(2)).toEqual([...fixed, '<begin, please>']);
    });

    it('gives codex a role prompt as a string of TOML, whatever stands in it', async () => {
      install('codex');
      const hard =
        'a "quote", """three""", \'\'\'three\'\'\', C:\\new \\u0041 $HOME `id` $(id) # é 漢 %s\n\t- tab';
      writeFileSync(join(root, 'role.md'), `${hard}\u0001\u001b\u007f\r\nend\n\n`);

      const { called } = await run({ RUNTIME: 'codex', SYSTEM_PROMPT_PATH: join(root, 'role.md') });

      const [, text] = /<developer_instructions="""\n(.*)""">/s.exec(called.join('\n')) ?? [];
      expect(text).not.toMatch(/(?<!\\)(\\\\)*"/);
      expect(text?.replace(/\\(["\\])/g, '$1')).toBe(`${hard}\nend`);
    });

    it('starts codex without MCP servers where nothing was written for it, and says so', async () => {
      install('codex');

      const { called, stdout } = await run({ RUNTIME: 'codex', MCP_CONFIG: '/mcp' });

      expect(called.slice(2)).toEqual([...fixed, '<begin, please>']);
      expect(stdout).toContain(
        `no MCP servers: ${root}/state/muster/args/shop-dev is missing; '/team restart shop:dev' writes it`,
      );
    });

    it('starts gemini, which takes only what it knows, with its role prompt, and says that it gets no MCP servers', async () => {
      install('gemini');
      writeFileSync(join(root, 'role.md'), 'x');
      writeArguments('-c', 'what="codex takes"');

      const { called, stdout } = await run({
        RUNTIME: 'gemini',
        MODEL: 'm',
        MCP_CONFIG: '/mcp',
        SYSTEM_PROMPT_PATH: join(root, 'role.md'),
      });

      expect(called.slice(2)).toEqual(['<--model>', '<m>', '<--yolo>', '<begin, please>']);
      expect(readFileSync(join(root, 'system-prompt'), 'utf8')).toBe(`${join(root, 'role.md')}\n`);
      expect(stdout).toContain('gemini has no argument for: MCP_CONFIG. These are only in its environment');
    });

    it.each(['claude-code', 'codex', 'gemini'])(
      'starts %s without a role prompt that is gone, and says so',
      async (runtime) => {
        for (const program of ['claude', 'codex', 'gemini']) install(program);

        const { called, stdout } = await run({ RUNTIME: runtime, SYSTEM_PROMPT_PATH: join(root, 'gone.md') });

        expect(called).toContain('<begin, please>');
        expect(called.join()).not.toContain('gone.md');
        expect(readFileSync(join(root, 'system-prompt'), 'utf8')).toBe('\n');
        expect(stdout).toContain(`no role prompt: ${join(root, 'gone.md')} is not a file that can be read`);
      },
    );

    it.each([
      ['codex', 'EFFORT PERMISSION_MODE'],
      ['gemini', 'EFFORT PERMISSION_MODE'],
      ['mine', 'SYSTEM_PROMPT_PATH EFFORT PERMISSION_MODE'],
    ])('says what it cannot pass to %s', async (runtime, names) => {
      for (const program of ['codex', 'gemini', 'mine']) install(program);
      writeFileSync(join(root, 'runtimes', 'mine.yaml'), 'binary: mine\n');
      writeFileSync(join(root, 'role.md'), 'x');
      const env = { EFFORT: 'high', PERMISSION_MODE: 'plan', SYSTEM_PROMPT_PATH: join(root, 'role.md') };

      const { called, stdout } = await run({ ...env, RUNTIME: runtime });

      expect(called).toContain('<begin, please>');
      expect(stdout).toContain(`${runtime} has no argument for: ${names}. These are only in its environment`);
    });

    it.each(['my-cli', '"my-cli"', "'my-cli'", 'my-cli   # the fast one'])(
      'runs the binary that a runtime of the team declares as %s',
      async (binary) => {
        install('my-cli');
        writeFileSync(join(root, 'runtimes', 'mine.yaml'), `supports_mcp: true\nbinary: ${binary}\n`);

        const { called } = await run({ RUNTIME: 'mine', MODEL: 'm' });

        expect(called.slice(2)).toEqual(['<--model>', '<m>', '<begin, please>']);
      },
    );

    it('goes through teamctl’s rate-limit watch where teamctl is installed', async () => {
      install('teamctl');

      const { called } = await run({ RUNTIME: 'codex', MODEL: 'm' });

      expect(called.slice(2)).toEqual([
        ...['<--root>', `<${root}>`, '<rl-watch>', '<shop:dev>', '<-->'],
        ...['<codex>', '<--model>', '<m>', ...fixed, '<begin, please>'],
      ]);
    });

    it('says what it starts, and writes down how it ended', async () => {
      install('codex');

      const { stdout, exitCode } = await run({ RUNTIME: 'codex', MODEL: 'm' });

      expect(stdout).toContain('[agent-wrapper shop:dev] starting runtime=codex model=m');
      expect(stdout).toContain('[agent-wrapper shop:dev] runtime exited ec=5');
      expect(readFileSync(join(root, 'state', 'muster', 'ends', 'shop-dev'), 'utf8')).toMatch(
        /^5 \d+ TERM\n$/,
      );
      expect(exitCode).toBe(5);
    });

    it('runs no program between an end and its record, and is at most two seconds behind', async () => {
      const before = Math.floor(Date.now() / 1000);
      const ran = join(root, 'ran');
      for (const name of ['date', 'mkdir', 'mv', 'cat']) {
        const text = `#!/bin/sh\necho ${name} >>'${ran}'\nexec /bin/${name} "$@"\n`;
        writeFileSync(join(bin, name), text, { mode: 0o755 });
      }
      writeFileSync(join(bin, 'codex'), `#!/bin/sh\nkill -TERM $PPID\necho ended >>'${ran}'\n`, {
        mode: 0o755,
      });
      mkdirSync(join(root, 'state/muster/ends'), { recursive: true });

      await run({ RUNTIME: 'codex' });

      expect(readFileSync(ran, 'utf8').split('\n').slice(-2)).toEqual(['ended', '']);
      const seconds = Number(readFileSync(join(root, 'state/muster/ends/shop-dev'), 'utf8').split(' ')[1]);
      expect(seconds).toBeGreaterThanOrEqual(before - 2);
      expect(seconds).toBeLessThanOrEqual(Date.now() / 1000);
    });

    it('takes the id from AGENT_ID, and without any id ends with 2', async () => {
      install('codex');

      expect((await run({ RUNTIME: 'codex', AGENT_ID: 'shop:pay' }, [])).stdout).toContain(
        '[agent-wrapper shop:pay]',
      );
      expect((await run({ RUNTIME: 'codex' }, [])).exitCode).toBe(2);
    });

    it('starts an agent once where something else keeps it running, and tells the agent nothing of that', async () => {
      const text = `#!/bin/sh\necho "life $MUSTER_RUN_ONCE" >>'${root}/lives'\nexit 3\n`;
      writeFileSync(join(bin, 'codex'), text, { mode: 0o755 });

      const { stdout, exitCode } = await run({ RUNTIME: 'codex', MUSTER_RUN_ONCE: 'yes' });

      expect(readFileSync(join(root, 'lives'), 'utf8')).toBe('life \n');
      expect(stdout).not.toContain('restarting');
      expect(exitCode).toBe(3);
      expect((await run({ RUNTIME: 'nobody-knows', MUSTER_RUN_ONCE: 'yes' })).exitCode).toBe(2);
    });

    it('writes nothing anywhere for an agent of no team', async () => {
      install('codex');

      await run({ RUNTIME: 'codex', TEAMCTL_ROOT: '' });

      expect(existsSync(join(root, 'called'))).toBe(true);
      expect(existsSync(join(root, 'state'))).toBe(false);
      expect(existsSync(join(root, 'project', 'state'))).toBe(false);
    });

    it.each(['INT', 'TERM', 'HUP'])(
      'starts no agent any more once it got %s on the way there',
      async (signal) => {
        install('codex');
        const date = `#!/bin/sh\nkill -${signal} $PPID\nexec /bin/date "$@"\n`;
        writeFileSync(join(bin, 'date'), date, { mode: 0o755 });

        const { called, exitCode, stdout } = await run({ RUNTIME: 'codex' });

        expect(called).toEqual([]);
        expect(exitCode).toBe(0);
        expect(stdout).toContain('[agent-wrapper shop:dev] not started: asked to stop');
        expect(existsSync(join(root, 'state')), 'nothing has ended').toBe(false);
      },
    );

    it('starts an agent again five seconds after it ended by itself', async () => {
      writeFileSync(join(bin, 'codex'), `#!/bin/sh\necho life >>'${root}/lives'\n`, { mode: 0o755 });
      const running = execa(shell, [...asShell(shell), wrapper, 'shop:dev'], {
        env: { PATH: `${bin}:/usr/bin:/bin`, TEAMCTL_ROOT: root, RUNTIME: 'codex' },
        extendEnv: false,
        reject: false,
        detached: true,
      });

      await until(
        'it lives a second time',
        () => readFileSync(join(root, 'lives'), 'utf8') === 'life\nlife\n',
      );
      process.kill(-Number(running.pid), 'SIGTERM');

      expect((await running).stdout).toContain('runtime exited ec=0 — restarting in 5s');
    });

    /** A clock that only the agent's lives and the wrapper's pauses move on. Pauses are written down, and the last of them asks the wrapper to stop. */
    function installClock(pauses: number): void {
      const program = (name: string, text: string) =>
        writeFileSync(join(bin, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
      writeFileSync(join(root, 'clock'), '1000000\n');
      writeFileSync(join(root, 'pauses'), '');
      const moveOn = `echo $(($(cat '${root}/clock') + $1)) >'${root}/clock'`;
      program('date', `cat '${root}/clock'`);
      program('passes', moveOn);
      program(
        'sleep',
        `${moveOn}; echo $1 >>'${root}/pauses'; if [ $(wc -l <'${root}/pauses') -ge ${pauses} ]; then kill -TERM $PPID; fi`,
      );
    }

    /** The pauses between lives, each of which lasts so many seconds and ends with this code. */
    async function pausesBetween(...lives: readonly (readonly [secs: number, code: number])[]) {
      installClock(lives.length);
      writeFileSync(join(root, 'lives'), lives.map(([secs, code]) => `${secs} ${code}\n`).join(''));
      writeFileSync(
        join(bin, 'codex'),
        `#!/bin/sh
read secs code <'${root}/lives'
sed -i 1d '${root}/lives'
passes $secs
exit $code
`,
        { mode: 0o755 },
      );
      await run({ RUNTIME: 'codex' });
      return readFileSync(join(root, 'pauses'), 'utf8').trim().split('\n').map(Number);
    }

    it('waits twice as long after each life that failed, up to five minutes', async () => {
      const failing = Array.from({ length: 9 }, () => [1, 3] as const);

      expect(await pausesBetween(...failing)).toEqual([5, 10, 20, 40, 80, 160, 300, 300, 300]);
    });

    it('is back to five seconds after a life of ten minutes, and after a clean exit', async () => {
      expect(
        await pausesBetween(
          [1, 3],
          [1, 3],
          [599, 3],
          [600, 3],
          [1, 3],
          [1, 3],
          [1, 0],
          [1, 0],
          [1, 3],
          [1, 3],
        ),
      ).toEqual([5, 10, 20, 5, 10, 20, 5, 5, 5, 10]);
    });

    it('that waits long is gone at once when it is asked to stop, and leaves no sleep behind', async () => {
      writeFileSync(join(bin, 'codex'), '#!/bin/sh\nexit 3\n', { mode: 0o755 });
      const text = `#!/bin/sh\necho $$ >'${root}/sleeps'\nexec /bin/sleep 300\n`;
      writeFileSync(join(bin, 'sleep'), text, { mode: 0o755 });
      const running = execa(shell, [...asShell(shell), wrapper, 'shop:dev'], {
        env: { PATH: `${bin}:/usr/bin:/bin`, TEAMCTL_ROOT: root, RUNTIME: 'codex' },
        extendEnv: false,
        reject: false,
        timeout: 20_000,
      });
      const sleeps = await until('it waits', () =>
        existsSync(join(root, 'sleeps')) ? Number(readFileSync(join(root, 'sleeps'), 'utf8')) : 0,
      );

      running.kill('SIGTERM');

      expect(await running).toMatchObject({ exitCode: 3, timedOut: false });
      await until('the sleep is gone', () => !isRunning(sleeps));
    });
  });
}
