import { describe, expect, test } from 'vitest';
import type { Agent, Team } from '../../../../src/team/team.ts';
import { complaintsOf, load, loadOk, project, warningsOf } from '../loaded-team.ts';

const withAgent = (lines: string) => project(`workers:\n  pay:\n    ${lines.split('\n').join('\n    ')}\n`);

async function agentWith(lines: string): Promise<Agent | undefined> {
  return (await loadOk({ projects: { shop: withAgent(lines) } })).projects[0]?.agents[0];
}

async function teamWith(compose: string): Promise<Team> {
  return loadOk({ compose, projects: {} });
}

describe('text', () => {
  test.each([
    ['a hexadecimal number stays as written', '0x10', '0x10'],
    ['a decimal fraction keeps its zero', '1.0', '1.0'],
    ['an exponent is not worked out', '1e3', '1e3'],
    ['yes is a word', 'yes', 'yes'],
    ['true is a word', 'true', 'true'],
    ['a date is a word', '2026-01-01', '2026-01-01'],
    ['single quotes are taken off', "'it''s'", "it's"],
    ['double quotes are taken off and their escapes read', '"a\\tb"', 'a\tb'],
    ['a quoted ~ is a tilde', '"~"', '~'],
    ['empty quotes are an empty text', '""', ''],
    ['a tag is dropped', '!model opus', 'opus'],
    ['a comment behind a value is no part of it', 'opus # the big one', 'opus'],
    ['a folded value is one line', 'a\n  b', 'a b'],
  ])('%s', async (_name, source, value) => {
    expect((await agentWith(`model: ${source}`))?.model).toBe(value);
  });

  test.each(['', '~', 'null', 'Null', 'NULL'])('a plain "%s" is no text at all', async (source) => {
    expect(await agentWith(`model: ${source}`)).not.toHaveProperty('model');
  });

  test('a block keeps its line breaks, which an env file cannot hold', async () => {
    const [complaint] = await complaintsOf({ projects: { shop: withAgent('model: |\n  a\n  b') } });

    expect(complaint).toBe(
      'projects/shop.yaml line 5: workers.pay.model is "a\\nb\\n"; it must be free of line breaks and NUL characters.',
    );
  });

  test('a plain number is a fine id and stays as written', async () => {
    const { projects } = await loadOk({ projects: { shop: project('workers:\n  010:\n  9:\n') } });

    expect(projects[0]?.agents.map(({ id }) => id)).toEqual(['shop:010', 'shop:9']);
  });

  test('an anchor can be used again, in a key too', async () => {
    const agents =
      'managers:\n  &boss lead: &base { model: &m opus }\nworkers:\n  pay: *base\n  cart: { model: *m, reports_to: *boss }\n';
    const { projects } = await loadOk({ projects: { shop: project(agents) } });

    expect(projects[0]?.agents.map(({ name, model }) => [name, model])).toEqual([
      ['lead', 'opus'],
      ['cart', 'opus'],
      ['pay', 'opus'],
    ]);
  });

  test('a merge key merges nothing', async () => {
    const agents = 'managers:\n  lead: &base { model: opus }\nworkers:\n  pay:\n    <<: *base\n';
    const { projects } = await loadOk({ projects: { shop: project(agents) } });

    expect(projects[0]?.agents[1]).not.toHaveProperty('model');
  });
});

describe('what is left out', () => {
  test('a compose file needs nothing but its version', async () => {
    expect(await teamWith('version: 2')).toMatchObject({
      supervisorType: 'tmux',
      tmuxPrefix: 'a-',
      brokerPath: 'state/mailbox.db',
      drainTimeoutMs: 10_000,
      projects: [],
    });
  });

  test.each([
    ['supervisor:'],
    ['supervisor: ~'],
    ['supervisor:\n  type:\n  tmux_prefix: ~\n  drain_timeout_secs: null'],
    ['broker:\n  path:\nbudget:\nhitl:\nrate_limits:\ninterfaces:\nprojects:'],
  ])('null is the default: %j', async (lines) => {
    expect(await teamWith(`version: 2\n${lines}\n`)).toMatchObject({
      supervisorType: 'tmux',
      tmuxPrefix: 'a-',
      brokerPath: 'state/mailbox.db',
      drainTimeoutMs: 10_000,
    });
  });

  test('an agent may have no body, an empty list or nothing in any field', async () => {
    const agents =
      'channels:\nmanagers:\nworkers:\n  a:\n  b: ~\n  c: { can_dm: , effort: ~, interfaces: }\n';
    const { projects } = await loadOk({ projects: { shop: project(agents) } });

    expect(projects[0]?.agents.map(({ name, runtime }) => `${name} ${runtime}`)).toEqual([
      'a claude-code',
      'b claude-code',
      'c claude-code',
    ]);
  });

  test.each([
    ['version', '', 'team-compose.yaml line 1: version is missing; it must be a whole number, 0 or more.'],
    [
      'version',
      '# only a comment\n',
      'team-compose.yaml line 1: version is missing; it must be a whole number, 0 or more.',
    ],
    [
      'file',
      'version: 2\nprojects:\n  - {}\n',
      'team-compose.yaml line 3: projects[0].file is missing; it must be text.',
    ],
  ])('%s has no default (%j)', async (_field, compose, complaint) => {
    expect(await complaintsOf({ compose, projects: {} })).toEqual([complaint]);
  });

  test('every missing field is named', async () => {
    const missing = ['version', 'project.id', 'project.name', 'project.cwd'];
    const lines = await complaintsOf({ projects: { shop: 'workers: {}\n' } });

    expect(lines.map((line) => line.split(': ')[1]?.split(' ')[0])).toEqual(missing);
  });
});

describe('numbers', () => {
  test.each([
    ['0', 0],
    ['600', 600],
    ['0x0a', 10],
    ['0o17', 15],
    ['0b11', 3],
    ['+5', 5],
  ])('%s is a whole number', async (source, secs) => {
    const team = await teamWith(`version: 99\nsupervisor: { drain_timeout_secs: ${source} }\n`);
    expect(team.drainTimeoutMs).toBe(secs * 1000);
  });

  test.each([
    ['2.0', '"2.0"'],
    ['"2"', 'the text "2"'],
    ['two', '"two"'],
    ['-1', '"-1"'],
    ['10s', '"10s"'],
    ['1_000', '"1_000"'],
    ['012', '"012"'],
    ['4294967296', '"4294967296"'],
    ['[2]', 'a list'],
    ['{a: 2}', 'a map'],
    ['~', 'empty'],
  ])('%s is none', async (source, found) => {
    expect(await complaintsOf({ compose: `version: ${source}\n`, projects: {} })).toEqual([
      `team-compose.yaml line 1: version is ${found}; it must be a whole number, 0 or more.`,
    ]);
  });

  test.each(['5', '2.50', '.5', '1e3', '.inf'])('a limit in dollars may be %s', async (source) => {
    await teamWith(`version: 2\nbudget: { daily_usd_limit: ${source} }\n`);
  });

  test('a limit in dollars is no word', async () => {
    expect(
      await complaintsOf({ compose: 'version: 2\nbudget:\n  daily_usd_limit: much\n', projects: {} }),
    ).toEqual(['team-compose.yaml line 3: budget.daily_usd_limit is "much"; it must be a number.']);
  });
});

describe('words of a list', () => {
  test.each(['low', 'medium', 'high', 'xhigh', 'max', '"max"'])('effort may be %s', async (effort) => {
    expect((await agentWith(`effort: ${effort}`))?.effort).toBe(effort.replaceAll('"', ''));
  });

  test.each(['hgih', 'High', '""'])('effort may not be %s', async (effort) => {
    const found = effort === '""' ? effort : `"${effort}"`;
    expect(await complaintsOf({ projects: { shop: withAgent(`effort: ${effort}`) } })).toEqual([
      `projects/shop.yaml line 5: workers.pay.effort is ${found}; it must be low, medium, high, xhigh or max.`,
    ]);
  });
});

describe('keys', () => {
  test('a known key given twice is refused', async () => {
    expect(await complaintsOf({ projects: { shop: withAgent('model: a\neffort: low\nmodel: b') } })).toEqual([
      'projects/shop.yaml line 7: workers.pay.model is given twice (first on line 5); it must be given once.',
    ]);
  });

  test('of two agents with one id the last wins, with a warning', async () => {
    const agents = 'workers:\n  pay: { model: a }\n  pay: { model: b }\n';
    const { projects } = await loadOk({ projects: { shop: project(agents) } });

    expect(projects[0]?.agents.map(({ model }) => model)).toEqual(['b']);
    expect(await warningsOf({ projects: { shop: project(agents) } })).toEqual([
      'projects/shop.yaml line 5: workers.pay is given twice (first on line 4); only this one counts; it should be given once.',
    ]);
  });

  test.each([
    ['role_promt', 'role_prompt'],
    ['rolePrompt', 'role_prompt'],
    ['role-prompt', 'role_prompt'],
    ['modle', 'model'],
    ['report_to', 'reports_to'],
  ])('%s is accepted, with the warning that it may be %s', async (typo, meant) => {
    expect(await warningsOf({ projects: { shop: withAgent(`${typo}: x`) } })).toEqual([
      `projects/shop.yaml line 5: workers.pay.${typo} is no key that is read; it should be ${meant}, if that was meant.`,
    ]);
  });

  test.each(['x-notes', 'owner', 'display_name'])('%s is accepted without a word', async (key) => {
    expect(await warningsOf({ projects: { shop: withAgent(`${key}: x`) } })).toEqual([]);
  });

  test('an unknown key may be repeated and hold anything', async () => {
    expect((await agentWith('x: [1, {y: z}]\nx: 2\n? w\n: v'))?.name).toBe('pay');
  });

  test('a key that is no text is refused', async () => {
    expect(await complaintsOf({ projects: { shop: withAgent('? [a]\n: b') } })).toEqual([
      'projects/shop.yaml line 5: workers.pay is a map with a list for a key; it must be a map from text to values.',
    ]);
  });
});

describe('a file that is no YAML', () => {
  test.each([
    ['two documents', 'version: 2\n---\nversion: 3\n', 2, 'more than one YAML document'],
    ['a tab for indentation', 'supervisor:\n\ttype: tmux\n', 2, 'not valid YAML'],
    ['a quote that does not end', 'version: 2\nbroker: "x\n', 3, 'not valid YAML'],
    ['an alias without an anchor', 'version: 2\nbroker: *x\n', 2, '*x, which no anchor before it defines'],
    ['a control character', 'version: 2\nx: \u0001\n', 2, 'holding the control character U+0001'],
    ['a list where a map belongs', '- a\n', 1, 'a list'],
    ['a word where a map belongs', 'hello\n', 1, '"hello"'],
    ['too many levels', `version: 2\nx: ${'['.repeat(5000)}`, 2, 'nested too deeply'],
    ['too many bytes', `version: 2\n${'#'.repeat(600_000)}`, 1, 'over the limit of 512 KiB'],
  ])('%s is refused at its line', async (_name, compose, line, found) => {
    const [complaint] = await complaintsOf({ compose, projects: {} });

    expect(complaint).toContain(`team-compose.yaml line ${line}: `);
    expect(complaint).toContain(found);
  });

  test('an alias that stands for millions of values is refused soon', async () => {
    const item = (name: string, of: string) => `${name}: &${name} [${Array(300).fill(of).join(', ')}]\n`;
    const hooks = `rate_limits:\n  hooks: [${Array(400).fill('{ name: n, action: run, command: *a }').join(', ')}]\n`;
    const compose = `version: 2\n${item('a', 'x')}${hooks}`;

    expect(await complaintsOf({ compose, projects: {} })).toEqual([
      expect.stringContaining('expanded by aliases to over 100000 values'),
    ]);
  });

  test('all that is wrong is said at once, file by file', async () => {
    const result = await load({
      compose:
        'version: two\nbroker: []\nprojects:\n  - file: projects/shop.yaml\n  - file: projects/blog.yaml\n',
      projects: { shop: withAgent('effort: hgih\ncan_dm: x') },
    });

    expect(result).toMatchObject({ kind: 'refused' });
    const places =
      result.kind === 'refused' && result.complaints.map(({ file, line, path }) => `${file}:${line} ${path}`);
    expect(places).toEqual(['team-compose.yaml:1 version', 'team-compose.yaml:2 broker']);
  });
});
