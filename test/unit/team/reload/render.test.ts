import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { agentSpec, joinAsWritten } from '../../../../src/team/names.ts';
import { withRecordedRuntime } from '../../../../src/team/reload/applied.ts';
import { fingerprint } from '../../../../src/team/reload/fingerprint.ts';
import {
  renderAgent,
  renderArguments,
  renderEnv,
  renderMcp,
  renderTeam,
  writeAgentFiles,
} from '../../../../src/team/reload/render.ts';
import { type Agent, findAgent, type Team } from '../../../../src/team/team.ts';
import { resolveTeamMcp } from '../../../../src/team/team-mcp.ts';
import { loadOk, temporaryDirectory } from '../loaded-team.ts';

const cwd = '/a b/$x';

async function teamWith(
  pay: string,
  compose = 'version: 2\n',
  root?: string,
): Promise<{ team: Team; agent: Agent }> {
  const team = await loadOk({
    compose: `${compose}projects: [{ file: projects/shop.yaml }]\n`,
    projects: { shop: `version: 2\nproject: { id: shop, name: S, cwd: ${cwd} }\nworkers:\n  pay: ${pay}\n` },
    roles: { pay: 'Pay.' },
  });
  const agent = findAgent(team, 'shop:pay');
  if (agent === undefined) throw new Error('no shop:pay');
  return { team: root === undefined ? team : { ...team, root }, agent };
}

describe('a path', () => {
  test.each([
    ['/r', './roles/../r.md', '/r/./roles/../r.md'],
    ['/r', '/abs', '/abs'],
    ['/r', '', '/r/'],
    ['/r/', 'a', '/r/a'],
    ['/', 'a', '/a'],
    ['/r', 'a//b/', '/r/a//b/'],
  ])('%s with %j is %s, normalised nowhere', (left, right, joined) => {
    expect(joinAsWritten(left, right)).toBe(joined);
  });
});

describe('an env file', () => {
  test('has values unquoted and as written, and a line for everything that is set', async () => {
    const { team, agent } = await teamWith(
      '{ runtime: codex, model: "a # \'b\'", permission_mode: "", effort: max, role_prompt: ./roles/../x.md }',
      'version: 2\nbroker: { path: /var/mail.db }\nsupervisor: { tmux_prefix: "" }\n',
      '/t/.team',
    );

    expect(renderEnv(team, agent)).toBe(
      [
        'AGENT_ID=shop:pay',
        'PROJECT_ID=shop',
        'RUNTIME=codex',
        "MODEL=a # 'b'",
        'PERMISSION_MODE=',
        'EFFORT=max',
        'TEAMCTL_MAILBOX=/var/mail.db',
        'MCP_CONFIG=/t/.team/state/mcp/shop-pay.json',
        'SYSTEM_PROMPT_PATH=/t/.team/./roles/../x.md',
        `CLAUDE_PROJECT_DIR=${cwd}`,
        'TEAMCTL_ROOT=/t/.team',
        'TMUX_SESSION=shop-pay',
        '',
      ].join('\n'),
    );
  });

  test('has no line for what is not set, but for the prompt', async () => {
    const { team, agent } = await teamWith('', undefined, '/t/.team');
    const keys = renderEnv(team, agent)
      .split('\n')
      .map((line) => line.split('=')[0]);

    expect(keys).toEqual([
      'AGENT_ID',
      'PROJECT_ID',
      'RUNTIME',
      'TEAMCTL_MAILBOX',
      'MCP_CONFIG',
      'SYSTEM_PROMPT_PATH',
      'CLAUDE_PROJECT_DIR',
      'TEAMCTL_ROOT',
      'TMUX_SESSION',
      '',
    ]);
    expect(renderEnv(team, agent)).toContain('\nSYSTEM_PROMPT_PATH=\n');
  });

  test('has the root with a slash for a prompt that is set to nothing', async () => {
    const { team, agent } = await teamWith('{ role_prompt: "" }', undefined, '/t/.team');

    expect(renderEnv(team, agent)).toContain('\nSYSTEM_PROMPT_PATH=/t/.team/\n');
  });
});

describe('an agent’s files', () => {
  test('are written where its spec and its env file say', async () => {
    const { team, agent } = await teamWith('{ role_prompt: roles/pay.md }');
    const rendered = await renderAgent(team, agent, 'team-mcp');
    await writeAgentFiles(team.root, rendered);

    expect(readFileSync(agentSpec(team, agent).envFile, 'utf8')).toBe(renderEnv(team, agent));
    expect(readFileSync(`${team.root}/state/mcp/shop-pay.json`, 'utf8')).toBe(
      renderMcp(team, agent, 'team-mcp'),
    );
  });

  test('are fingerprinted by their bytes, the prompt by those on disk', async () => {
    const { team, agent } = await teamWith('{ role_prompt: roles/pay.md }');
    const { env, mcp, fingerprints } = await renderAgent(team, agent, 'team-mcp');

    expect(fingerprints).toEqual({
      env: fingerprint(env),
      mcp: fingerprint(mcp),
      role_prompt: { kind: 'present', hash: fingerprint('Pay.') },
    });
  });

  test.each([
    ['roles/gone.md', { kind: 'missing', path: 'roles/gone.md' }],
    ['roles', { kind: 'missing', path: 'roles' }],
    ['""', { kind: 'missing', path: '' }],
    ['~', { kind: 'none' }],
  ])('have, for the prompt %s, the fingerprint of none', async (prompt, expected) => {
    const { team } = await teamWith(`{ role_prompt: ${prompt} }`);
    const rendered = await renderTeam(team, 'team-mcp');

    expect(rendered.get('shop:pay')?.fingerprints.role_prompt).toEqual(expected);
  });

  test('tell the runtime of an agent of which only the snapshot knows', async () => {
    const { team, agent } = await teamWith('{ runtime: gemini }');
    const { runtime: _, ...bare } = agentSpec(team, agent);

    expect(await withRecordedRuntime(bare)).toEqual(bare);
    await writeAgentFiles(team.root, await renderAgent(team, agent, 'team-mcp'));
    expect(await withRecordedRuntime(bare)).toEqual({ ...bare, runtime: 'gemini' });
  });
});

test('a fingerprint is BLAKE3', () => {
  expect(fingerprint('')).toBe('blake3:af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262');
});

describe('the arguments of an agent', () => {
  test('give codex its MCP server, one a line, as settings that it reads as TOML', async () => {
    const { team, agent } = await teamWith('{ runtime: codex }', 'version: 2\n', '/t "x"\\y\u007f/.team');
    const mailbox = String.raw`/t \"x\"\\y\u007f/.team/state/mailbox.db`;

    expect(renderArguments(team, agent, '/opt/my tools/team-mcp')?.split('\n')).toEqual([
      '-c',
      'mcp_servers.team.command="/opt/my tools/team-mcp"',
      '-c',
      `mcp_servers.team.args=["--agent-id","shop:pay","--mailbox","${mailbox}"]`,
      '',
    ]);
  });

  test('are written for codex, and for no other runtime', async () => {
    const codex = await teamWith('{ runtime: codex }');
    const gemini = await teamWith('{ runtime: gemini }');
    for (const { team, agent } of [codex, gemini]) {
      await writeAgentFiles(team.root, await renderAgent(team, agent, 'team-mcp'));
    }

    expect(readFileSync(join(codex.team.root, 'state/muster/args/shop-pay'), 'utf8')).toBe(
      renderArguments(codex.team, codex.agent, 'team-mcp'),
    );
    expect(existsSync(join(gemini.team.root, 'state/muster/args'))).toBe(false);
  });
});

describe('the team-mcp command', () => {
  function rootWith(files: Record<string, string>): string {
    const root = temporaryDirectory();
    mkdirSync(join(root, 'state/mcp'), { recursive: true });
    for (const [name, content] of Object.entries(files))
      writeFileSync(join(root, 'state/mcp', name), content);
    return root;
  }

  const mcp = (command: string) => JSON.stringify({ mcpServers: { team: { command, args: [], env: {} } } });

  test.each(['/opt/team-mcp', ''])('is TEAMCTL_TEAM_MCP if that is set, even to "%s"', async (command) => {
    const root = rootWith({ 'a.json': mcp('/written') });

    expect(await resolveTeamMcp({ env: { TEAMCTL_TEAM_MCP: command }, root })).toBe(command);
  });

  test('is what was written before, in the first file that tells', async () => {
    const root = rootWith({
      'a.json': '{',
      'b.json': '{}',
      'c.json': mcp('/written'),
      'd.json': mcp('/other'),
    });

    expect(await resolveTeamMcp({ env: {}, root })).toBe('/written');
  });

  test('is the one beside the real teamctl', async () => {
    const [bin, real] = [temporaryDirectory(), temporaryDirectory()];
    for (const name of ['teamctl', 'team-mcp']) writeFileSync(join(real, name), '');
    symlinkSync(join(real, 'teamctl'), join(bin, 'teamctl'));

    expect(await resolveTeamMcp({ env: { PATH: `/no/such::${bin}` }, root: rootWith({}) })).toBe(
      join(real, 'team-mcp'),
    );
  });

  test('is the bare word where nothing tells', async () => {
    const bin = temporaryDirectory();
    writeFileSync(join(bin, 'teamctl'), '');

    expect(await resolveTeamMcp({ env: { PATH: bin }, root: rootWith({}) })).toBe('team-mcp');
    expect(await resolveTeamMcp({ env: {}, root: temporaryDirectory() })).toBe('team-mcp');
  });
});
