import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { describeComplaint } from '../../../../src/team/files/complaint.ts';
import { loadTeam } from '../../../../src/team/files/load.ts';
import { writeTeamTree } from '../../../fakes/team/team-tree.ts';
import { complaintsOf, type load, loadOk, project, temporaryDirectory, warningsOf } from '../loaded-team.ts';

const compose = (lines: string) => ({ compose: `version: 2\n${lines}\n`, projects: {} });
const shop = (agents: string) => ({ projects: { shop: project(agents) } });

/** One complaint and nothing else. */
async function onlyComplaintOf(tree: Parameters<typeof load>[0]): Promise<string | undefined> {
  const lines = await complaintsOf(tree);
  expect(lines).toHaveLength(1);
  return lines[0];
}

describe('the compose file', () => {
  test.each([
    ['broker: { type: redis }', 'broker.type is "redis"; it must be sqlite.'],
    ['supervisor: { type: tmx }', 'supervisor.type is "tmx"; it must be tmux, systemd or launchd.'],
    [
      'supervisor: { drain_timeout_secs: 601 }',
      'supervisor.drain_timeout_secs is 601; it must be between 0 and 600 (seconds).',
    ],
    [
      'broker: { path: "a\\nb" }',
      'broker.path is "a\\nb"; it must be free of line breaks and NUL characters.',
    ],
  ])('is refused with %s', async (lines, complaint) => {
    expect(await onlyComplaintOf(compose(lines))).toBe(`team-compose.yaml line 2: ${complaint}`);
  });

  test('may name any back-end there is, and no other', async () => {
    const root = writeTeamTree(temporaryDirectory(), compose('supervisor: { type: systemd }'));

    expect(await loadTeam(root, { supervisorTypes: ['systemd'] })).toMatchObject({ kind: 'loaded' });
    expect(await loadTeam(root, { supervisorTypes: ['tmux'] })).toMatchObject({ kind: 'refused' });
  });

  test.each([
    '#(touch x)',
    'a.',
    'a:',
    'a$b',
    'a\\b',
    'a;',
    'a b',
    'a\tb',
    'a*',
    'a?',
    'a[b',
    '\u0007',
    '\u200b',
    '=a',
    '@1',
    '%1',
    '-a',
  ])('may not ask for the prefix %j, which tmux would not take as it is', async (prefix) => {
    const complaint = await onlyComplaintOf(compose(`supervisor:\n  tmux_prefix: ${JSON.stringify(prefix)}`));

    expect(complaint).toContain('team-compose.yaml line 3: supervisor.tmux_prefix is ');
  });

  test.each(['a-', '', '_', 'team1-', 'é-', 'x=y-', 'A@'])('may ask for the prefix %j', async (prefix) => {
    const team = await loadOk(compose(`supervisor: { tmux_prefix: ${JSON.stringify(prefix)} }`));

    expect(team.tmuxPrefix).toBe(prefix);
  });
});

describe('a project', () => {
  test.each([
    [
      'a channel whose member is nobody',
      'channels: [{ name: all, members: [pay, pya] }]\nworkers: { pay: }\n',
      'line 3: channels[0].members[1] is "pya"; it must be an agent of this project (pay).',
    ],
    [
      'an agent that is both',
      'managers:\n  pay:\nworkers:\n  pay:\n',
      'line 6: workers.pay is a manager too (line 4); it must be either a manager or a worker.',
    ],
    [
      'a worker with a Telegram bot',
      'workers:\n  pay:\n    interfaces: { telegram: { bot_token_env: A, chat_ids_env: B } }\n',
      "line 4: workers.pay.interfaces.telegram is given to a worker; it must be a manager's.",
    ],
    [
      'somebody unknown to write to',
      'workers:\n  pay: { can_dm: [lead] }\n',
      'line 4: workers.pay.can_dm[0] is "lead"; it must be an agent of this project (pay).',
    ],
    [
      'an unknown channel to write to',
      'workers:\n  pay: { can_broadcast: [all] }\n',
      'line 4: workers.pay.can_broadcast[0] is "all"; it must be a channel of this project, which has none.',
    ],
    [
      'a worker to report to',
      'workers:\n  pay: { reports_to: cart }\n  cart:\n',
      'line 4: workers.pay.reports_to is "cart"; it must be a manager of this project, which has none.',
    ],
    [
      'an unknown runtime',
      'workers:\n  pay: { runtime: claud }\n',
      'line 4: workers.pay.runtime is "claud"; it must be claude-code, codex or gemini, or be declared in runtimes/claud.yaml.',
    ],
    [
      'managers that report in a circle',
      'managers:\n  a: { reports_to: b }\n  b: { reports_to: c }\n  c: { reports_to: b }\n',
      'line 5: managers.b.reports_to is part of a circle (b reports to c reports to b); it must be a manager further up.',
    ],
    [
      'a manager that reports to itself',
      'managers:\n  a: { reports_to: a }\n',
      'line 4: managers.a.reports_to is part of a circle (a reports to a); it must be a manager further up.',
    ],
    [
      'a model of two lines',
      'workers:\n  pay: { model: "a\\nb" }\n',
      'line 4: workers.pay.model is "a\\nb"; it must be free of line breaks and NUL characters.',
    ],
    [
      'a NUL in a permission mode',
      'workers:\n  pay: { permission_mode: "a\\0b" }\n',
      'line 4: workers.pay.permission_mode is "a\\u0000b"; it must be free of line breaks and NUL characters.',
    ],
  ])('is refused with %s', async (_name, agents, complaint) => {
    expect(await onlyComplaintOf(shop(agents))).toBe(`projects/shop.yaml ${complaint}`);
  });

  test.each(['a.b', 'a:b', '-a', 'a/b', '../evil', 'a b', 'x;y', 'é', 'a'.repeat(65), '', '$a', '*'])(
    'may not have an agent %j',
    async (id) => {
      const complaint = await onlyComplaintOf(shop(`workers:\n  ${JSON.stringify(id)}: {}\n`));

      expect(complaint).toContain(`projects/shop.yaml line 4: workers.${id} is named `);
      expect(complaint).toContain('1 to 64 of the letters');
    },
  );

  test.each(['a', '_', '9', 'A-b_c', 'a'.repeat(64)])('may have an agent %j', async (id) => {
    const { projects } = await loadOk(shop(`workers:\n  ${id}:\n`));

    expect(projects[0]?.agents[0]?.name).toBe(id);
  });

  test('may not have an id that leads out of state/', async () => {
    expect(await onlyComplaintOf({ projects: { shop: project('workers: {}\n', '../../evil') } })).toBe(
      'projects/shop.yaml line 2: project.id is "../../evil"; it must be 1 to 64 of the letters A-Z and a-z, digits, - and _, not beginning with -.',
    );
  });

  test('may let everybody into a channel', async () => {
    await loadOk(
      shop(
        'channels: [{ name: a, members: "*" }, { name: b }, { name: c, members: all }]\nworkers: { pay: }\n',
      ),
    );
  });

  test('lists managers before workers, each by the bytes of their ids', async () => {
    const { projects } = await loadOk(shop('workers:\n  b:\n  B:\n  10:\n  9:\nmanagers:\n  z:\n  _:\n'));

    expect(projects[0]?.agents.map(({ name }) => name)).toEqual(['_', 'z', '10', '9', 'B', 'b']);
  });
});

describe('two projects', () => {
  test('may not have one id', async () => {
    const complaint = await onlyComplaintOf({
      projects: { shop: project('workers: { a: }\n'), blog: project('workers: { b: }\n') },
    });

    expect(complaint).toBe(
      'projects/blog.yaml line 2: project.id is "shop", as in projects/shop.yaml line 2; it must be an id no other project has.',
    );
  });

  test('may not have agents that would share a session and an env file', async () => {
    const complaint = await onlyComplaintOf({
      projects: { one: project('workers:\n  c:\n', 'a-b'), two: project('workers:\n  b-c:\n', 'a') },
    });

    expect(complaint).toBe(
      'projects/two.yaml line 4: workers.b-c is called "a-b-c" on the host, as is a-b:c; it must be an agent with a name of its own. Rename a:b-c: sessions and env files are named <project>-<agent>.',
    );
  });

  test('may not have an agent that would share the session of a Telegram bot', async () => {
    const telegram = '{ interfaces: { telegram: { bot_token_env: A, chat_ids_env: B } } }';
    const complaint = await onlyComplaintOf({
      projects: {
        hello: project(`managers:\n  mgr: ${telegram}\n`, 'hello'),
        bot: project('workers:\n  hello-mgr:\n', 'bot'),
      },
    });

    expect(complaint).toContain(
      'workers.hello-mgr is called "bot-hello-mgr" on the host, as is the Telegram bot of hello:mgr',
    );
  });
});

describe('files', () => {
  test('a project file that is missing is said where it is named', async () => {
    const tree = compose('projects:\n  - file: projects/shop.yaml');

    expect(await onlyComplaintOf(tree)).toBe(
      `team-compose.yaml line 3: projects[0].file is "projects/shop.yaml", which is missing; it must be the path of a project's file, relative to team-compose.yaml.`,
    );
  });

  test('without a compose file there is no team', async () => {
    const root = temporaryDirectory();
    const result = await loadTeam(root, { supervisorTypes: ['tmux'] });

    expect(result.kind === 'refused' && result.complaints.map(describeComplaint)).toEqual([
      `team-compose.yaml line 1: the file is missing; it must be a readable file in ${root}.`,
    ]);
  });

  test('a root that is not there is refused, not thrown', async () => {
    expect(await loadTeam('/no/such/place', { supervisorTypes: ['tmux'] })).toMatchObject({
      kind: 'refused',
    });
  });

  test('a directory in a file’s place is refused', async () => {
    const tree = compose('projects:\n  - file: projects');
    const root = writeTeamTree(temporaryDirectory(), tree);
    mkdirSync(join(root, 'projects'));
    const result = await loadTeam(root, { supervisorTypes: ['tmux'] });

    expect(result.kind === 'refused' && result.complaints[0]?.found).toBe('"projects", which is a directory');
  });

  test('what is wrong in every file is said at once', async () => {
    const lines = await complaintsOf({
      compose:
        'version: 2\nsupervisor: { type: x }\nprojects: [{ file: projects/b.yaml }, { file: projects/a.yaml }]\n',
      projects: { a: project('workers: { x: { effort: y } }\n', 'a'), b: project('workers: [1]\n', 'b') },
    });

    expect(lines.map((line) => line.split(' is ')[0])).toEqual([
      'projects/b.yaml line 3: workers',
      'projects/a.yaml line 3: workers.x.effort',
      'team-compose.yaml line 2: supervisor.type',
    ]);
  });

  test.each(['state', 'state/envs', 'state/mcp', 'state/muster/args', 'bin'])(
    '%s may not be a link out of the team',
    async (directory) => {
      const elsewhere = temporaryDirectory();
      const root = writeTeamTree(temporaryDirectory(), { projects: {} });
      mkdirSync(join(root, directory, '..'), { recursive: true });
      symlinkSync(elsewhere, join(root, directory));
      const result = await loadTeam(root, { supervisorTypes: ['tmux'] });

      const lines = result.kind === 'refused' ? result.complaints.map(describeComplaint) : [];
      expect(lines[0]).toContain(
        `team-compose.yaml line 1: ${directory}/ is a link to "${elsewhere}", outside the team`,
      );
    },
  );

  test('the root is canonical, whichever way it was reached', async () => {
    const root = writeTeamTree(temporaryDirectory(), { projects: {} });
    const link = join(temporaryDirectory(), 'link');
    symlinkSync(root, link);

    expect(await loadTeam(link, { supervisorTypes: ['tmux'] })).toMatchObject({ team: { root } });
  });

  test('nothing is written', async () => {
    const root = writeTeamTree(temporaryDirectory(), { projects: { shop: project() } });
    await loadTeam(root, { supervisorTypes: ['tmux'] });

    expect(() => mkdirSync(join(root, 'state'))).not.toThrow();
    expect(() => mkdirSync(join(root, 'bin'))).not.toThrow();
  });
});

describe('runtimes', () => {
  const robot = 'workers: { pay: { runtime: robot } }\n';

  test('are the built-in ones and those that are declared', async () => {
    const runtimes = { robot: 'binary: rob\n', codex: 'binary: my-codex\n' };
    const team = await loadOk({ projects: { shop: project(robot) }, runtimes });

    expect([...team.runtimes.values()].map(({ name, binary }) => `${name}=${binary}`)).toEqual([
      'claude-code=claude',
      'codex=my-codex',
      'gemini=gemini',
      'robot=rob',
    ]);
  });

  test('a broken one is a complaint of its own, not one of the agents that use it', async () => {
    const tree = {
      projects: { shop: project(robot) },
      runtimes: { robot: 'env: {}\nsupports_mcp: maybe\n' },
    };

    expect(await complaintsOf(tree)).toEqual([
      'runtimes/robot.yaml line 1: binary is missing; it must be text.',
      'runtimes/robot.yaml line 2: supports_mcp is "maybe"; it must be true or false.',
    ]);
    expect(await complaintsOf({ ...tree, runtimes: { robot: 'binary: "rob\n' } })).toEqual([
      expect.stringMatching(/^runtimes\/robot\.yaml line 2: the file is not valid YAML/),
    ]);
  });

  test('may say how they are drained', async () => {
    const runtimes = { robot: 'binary: rob\ndrain: { second_ask: C-c C-c, budget_secs: 45 }\n' };
    const team = await loadOk({ projects: {}, runtimes });

    expect(team.runtimes.get('robot')?.drain).toEqual({
      secondAsk: { keys: ['C-c', 'C-c'], gapMs: 200 },
      budgetMs: 45_000,
    });
  });

  test.each([
    ['C-c', ['C-c']],
    ["'Escape  /quit Enter'", ['Escape', '/quit', 'Enter']],
    ['none', []],
  ])('may be asked a second time by %s', async (source, keys) => {
    const runtimes = { robot: `binary: rob\ndrain: { second_ask: ${source} }\n` };
    const team = await loadOk({ projects: {}, runtimes });

    expect(team.runtimes.get('robot')?.drain).toEqual({ secondAsk: { keys, gapMs: 200 } });
  });

  test.each(["'Esc'", "'C-c;'", "'kill-server ; C-c'", "'/quit #{pid}'", "'none C-c'", "' '"])(
    'cannot be asked by %s: the built-in way stays',
    async (source) => {
      const tree = {
        projects: {},
        runtimes: { robot: `binary: rob\ndrain:\n  second_ask: ${source}\n` },
      };

      expect((await loadOk(tree)).runtimes.get('robot')?.drain).toEqual({});
      expect(await warningsOf(tree)).toEqual([
        `runtimes/robot.yaml line 3: drain.second_ask is ${JSON.stringify(source.slice(1, -1))}, and so ignored; it should be keys as tmux names them (C-c, Escape, Enter) or commands (/quit), with spaces between them, or none.`,
      ]);
    },
  );

  test('may not ask for more time than a team may', async () => {
    const team = await loadOk({
      projects: {},
      runtimes: { robot: 'binary: rob\ndrain: { budget_secs: 601 }\n' },
    });

    expect(team.runtimes.get('robot')?.drain).toEqual({});
  });

  test.each([
    ['drain: soon', 'drain is "soon"; it should be a map.'],
    ['drain: { budget_secs: soon }', 'drain.budget_secs is "soon"; it should be a whole number, 0 or more.'],
    [
      'drain: { budget_secs: 601 }',
      'drain.budget_secs is 601, and so ignored; it should be between 0 and 600.',
    ],
    [
      'drain: { second_aks: x }',
      'drain.second_aks is no key that is read; it should be second_ask, if that was meant.',
    ],
  ])('%s is a warning, since teamctl would not mind', async (line, warning) => {
    const tree = { projects: {}, runtimes: { robot: `binary: rob\n${line}\n` } };

    expect(await complaintsOf(tree)).toEqual([]);
    expect(await warningsOf(tree)).toEqual([`runtimes/robot.yaml line 2: ${warning}`]);
  });
});

describe('warnings', () => {
  test('name directories, prompts and programs that are not there', async () => {
    const root = writeTeamTree(temporaryDirectory(), {
      projects: {
        shop: 'version: 2\nproject: { id: shop, name: S, cwd: ./gone }\nworkers:\n  pay: { role_prompt: roles/pay.md }\n',
      },
    });
    const hasProgram = async (program: string, backend: string) =>
      `${program} on ${backend}` !== 'claude on tmux';
    const { warnings } = await loadTeam(root, { supervisorTypes: ['tmux'], hasProgram });

    expect(warnings.map(describeComplaint)).toEqual([
      `projects/shop.yaml line 2: project.cwd is "./gone", which is not there; it should be a directory (a relative one is sought in ${root}).`,
      `projects/shop.yaml line 4: workers.pay.role_prompt is "roles/pay.md", which is not there; it should be a file (sought in ${root}).`,
      'projects/shop.yaml line 4: workers.pay.runtime is "claude-code", whose program "claude" is not there; it should be one that is installed for the user the agents run as.',
    ]);
  });

  test('say nothing of what is there', async () => {
    const tree = {
      projects: { shop: project('workers: { pay: { role_prompt: roles/pay.md } }\n') },
      roles: { pay: 'Pay.' },
    };
    const root = writeTeamTree(temporaryDirectory(), tree);
    const hasProgram = async (program: string) => program === 'claude';
    const { warnings } = await loadTeam(root, { supervisorTypes: ['tmux'], hasProgram });

    expect(warnings).toEqual([]);
  });
});
