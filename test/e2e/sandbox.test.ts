import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { directoryForTest, type Program, runScript } from '../fakes/bot/e2e-program.ts';
import { processesOf } from '../fakes/bot/e2e-suite.ts';

test('the demo plays its scenes against the real bot, writes them down if told so, cleans up and exits 0, well within a minute', async () => {
  const directory = directoryForTest();
  const begun = performance.now();

  const record = join(directory, 'incident.md');
  const demo = runScript('demo', directory, {}, ['--record', record]);

  expect(await demo.ended(), demo.output()).toBe(0);
  expect(performance.now() - begun).toBeLessThan(60_000);
  expect(demo.stderr()).toBe('');
  const scenes = [
    /the whole team on \S+: [67] of 7 running/,
    /Reloading shop: 2 changed/,
    /shop:pay · draining, \d+ s left/,
    /shop:pay · TimedOutKilled after .*, up again/,
    /#alerts is told[\s\S]*shop:pay had to be killed \(TimedOutKilled\)[\s\S]*Budget 4 s/,
    /You may look but not change anything\. Ask one of @ana/,
    /Hard down of shop on \S+\? No drain[\s\S]*Kill \d agents? \(danger\)/,
    /Hard down of shop: \d killed/,
    /the whole team on \S+: [23] of 7 running · /,
  ];
  let rest = demo.stdout();
  for (const scene of scenes) {
    expect(rest).toMatch(scene);
    rest = rest.slice(scene.exec(rest)?.index);
  }
  const recorded = readFileSync(record, 'utf8');
  expect(recorded).toMatch(/^# An incident.*\n\nA team of seven agents runs/);
  expect(recorded).toContain('**ana** in #ops: `/team reload shop`\n\n```text\nMuster  ');
  expect(recorded).toContain('**ana** presses **[Kill]**');
  rmSync(record);
  expectNothingLeft(directory);
});

test.each(['demo', 'sandbox'])(
  'without tmux the first line of npm run %s says how to get it',
  async (script) => {
    const directory = directoryForTest();
    mkdirSync(join(directory, 'empty'));

    const program = runScript(script, directory, { PATH: join(directory, 'empty') });

    expect(await program.ended()).toBe(1);
    expect(program.output()).toMatch(/^tmux is missing: install it with "apt-get install tmux"/);
    expect(program.output().trim().split('\n')).toHaveLength(1);
  },
);

test('a demo that is told to end takes everything down with it', async () => {
  const directory = directoryForTest();
  const demo = runScript('demo', directory);
  await demo.prints(/7 running/);

  demo.process.kill('SIGTERM');

  expect(await demo.ended(), demo.output()).toBe(143);
  expectNothingLeft(directory);
});

test('at the terminal one types commands, presses buttons by number, and is somebody else; it ends with its input', async () => {
  const directory = directoryForTest();
  const sandbox = runScript('sandbox', directory, {}, ['--terminal']);
  await sandbox.prints(/ana #ops> /);
  expect(sandboxesIn(directory)).toHaveLength(1);

  sandbox.type('/team status');
  await sandbox.prints(/of 7 running/);
  sandbox.type('as bo');
  await sandbox.prints(/bo #ops> /);
  sandbox.type('/team down shop');
  await sandbox.prints(/You may look but not change anything/);
  sandbox.type('as ana');
  sandbox.type('/team down shop');
  await press(sandbox, 'Kill');
  await sandbox.prints(/Hard down of shop: \d killed/);
  sandbox.process.stdin?.end();

  expect(await sandbox.ended(), sandbox.output()).toBe(0);
  expect(sandbox.stderr()).toBe('');
  expectNothingLeft(directory);
});

test('the sandbox says where its page is, takes the port it is given, and everything down with it when it ends; what a killed one left is gone', async () => {
  const directory = directoryForTest();
  const killed = runScript('sandbox', directory);
  const [, port = ''] = await killed.prints(/The sandbox is at http:\/\/127\.0\.0\.1:(\d+)\n/);
  const [left] = sandboxesIn(directory);
  killed.process.kill('SIGKILL');
  await killed.ended();

  const next = runScript('sandbox', directory, {}, ['--port', port]);
  await next.prints(new RegExp(`The sandbox is at http://127\\.0\\.0\\.1:${port}\n`));
  const page = await fetch(`http://127.0.0.1:${port}`);

  expect(page.status).toBe(200);
  expect(sandboxesIn(directory)).not.toContain(left);
  expect(processesOf(`${directory}/${left}`)).toEqual([]);
  next.process.kill('SIGINT');
  expect(await next.ended(), next.output()).toBe(130);
  expect(next.stderr()).toBe('');
  expectNothingLeft(directory);
});

test('a port that is taken is said in one line, and nothing is left', async () => {
  const directory = directoryForTest();
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;

  const sandbox = runScript('sandbox', directory, {}, ['--port', String(port)]);

  expect(await sandbox.ended()).toBe(1);
  expect(sandbox.stderr()).toBe(
    `port ${port} on 127.0.0.1 cannot be had (another program listens there); name another, or none\n`,
  );
  expectNothingLeft(directory);
  other.close();
});

test.each([
  [['--port', 'web'], '--port is "web"; it must be a number up to 65535, or 0 for any free one.'],
  [['--prot', '80'], 'sandbox has no option --prot. Did you mean --port?'],
])('npm run sandbox -- %s starts nothing, and says what it takes', async (given, words) => {
  const directory = directoryForTest();

  const sandbox = runScript('sandbox', directory, {}, given);

  expect(await sandbox.ended()).toBe(2);
  expect(sandbox.stderr()).toContain(words);
  expectNothingLeft(directory);
});

async function press(sandbox: Program, label: string): Promise<void> {
  const [, number = ''] = await sandbox.prints(new RegExp(`\\[(\\d+)\\] ${label}`));
  sandbox.type(number);
}

function sandboxesIn(directory: string): string[] {
  return readdirSync(directory).filter((name) => name.startsWith('muster-sandbox-'));
}

function expectNothingLeft(directory: string): void {
  expect(readdirSync(directory)).toEqual([]);
  expect(processesOf(directory)).toEqual([]);
}
