import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { AgentSpec } from '../../../src/domain/agent.ts';
import { createAgentTree } from '../../fakes/team/agent-tree-on-disk.ts';
import { createTmuxHarness, type TmuxHarness } from '../../fakes/tmux/tmux-harness.ts';
import { until } from '../../fakes/until.ts';

describe('on tmux, exactly the agent named is meant', () => {
  let harness: TmuxHarness;

  afterEach(() => harness.stop());

  async function started(agent: AgentSpec): Promise<AgentSpec> {
    await harness.supervisor.up(agent);
    await until(`${agent.id} is ready`, () => harness.isReady(agent));
    return agent;
  }

  function panesOf(agent: AgentSpec): Promise<string> {
    return harness.server.tmux(
      'list-panes',
      '-s',
      '-t',
      `=${agent.session}:`,
      '-F',
      '#{pane_id} #{pane_pid}',
    );
  }

  it('a pane that somebody left in copy-mode does not swallow the request', async () => {
    harness = createTmuxHarness();
    const agent = await started(harness.agent('dev', 'polite'));
    await harness.server.tmux('copy-mode', '-t', `=${agent.session}:`);

    const result = await harness.supervisor.drain(agent, { budgetMs: 20_000 });

    expect(result.outcome).toBe('Graceful');
    expect(result.signals).toHaveLength(1);
  });

  it('a pane in any other mode does not swallow it either', async () => {
    harness = createTmuxHarness();
    const agent = await started(harness.agent('dev', 'polite'));
    await harness.server.tmux('choose-tree', '-t', `=${agent.session}:`);

    const result = await harness.supervisor.drain(agent, { budgetMs: 20_000 });

    expect(result.outcome).toBe('Graceful');
  });

  it('a pane that somebody opened beside the agent survives every stop, and the agent starts again next to it', async () => {
    harness = createTmuxHarness();
    const agent = await started(harness.agent('dev', 'polite'));
    await harness.server.tmux('split-window', '-t', `=${agent.session}:`, '/bin/sh');
    const guest = (await panesOf(agent)).split('\n')[1];

    const drained = await harness.supervisor.drain(agent, { budgetMs: 20_000 });
    const afterDrain = await panesOf(agent);
    const stateAfterDrain = await harness.supervisor.state(agent);
    await started(agent);
    const stateAfterUp = await harness.supervisor.state(agent);
    await harness.supervisor.down(agent);

    expect(drained.outcome).toBe('Graceful');
    expect(afterDrain).toBe(guest);
    expect(stateAfterDrain).toBe('stopped');
    expect(stateAfterUp).toBe('running');
    expect(await panesOf(agent)).toBe(guest);
  });

  it('a pane opened before the agent, in a session of its name, is not taken for the agent', async () => {
    harness = createTmuxHarness();
    const agent = harness.agent('dev', 'polite');
    await harness.server.tmux('new-session', '-d', '-s', agent.session);

    expect(await harness.supervisor.state(agent)).toBe('stopped');
    expect((await harness.supervisor.down(agent)).wasRunning).toBe(false);
    await started(agent);
    expect(await harness.supervisor.state(agent)).toBe('running');
    expect((await panesOf(agent)).split('\n')).toHaveLength(2);
  });

  it('a pane that stays after its program has ended is a stopped agent, and up starts it again', async () => {
    harness = createTmuxHarness();
    const agent = await started(harness.agent('dev', 'polite', { wrapper: '#!/bin/sh\nexec PROGRAM' }));
    await harness.server.tmux('set-option', '-w', '-t', `=${agent.session}:`, 'remain-on-exit', 'on');
    await harness.server.tmux('send-keys', '-t', `=${agent.session}:`, 'C-c');
    await until('it has ended', () => !harness.lives(agent));

    await until('it is seen', async () => (await harness.supervisor.state(agent)) === 'stopped');
    await started(agent);

    expect(await harness.supervisor.state(agent)).toBe('running');
    expect((await panesOf(agent)).split('\n')).toHaveLength(1);
  });

  it('nothing is left behind of the watching after a start: a pane goes when its program ends', async () => {
    harness = createTmuxHarness();
    const agent = await started(harness.agent('dev', 'polite'));

    expect(
      await harness.server.tmux('show-options', '-w', '-t', `=${agent.session}:`, 'remain-on-exit'),
    ).toBe('');
  });

  it('a directory and values full of special characters reach the agent unchanged', async () => {
    harness = createTmuxHarness("C#Projects #{pid} #(touch PWNED) %H $HOME 'q' team;");
    const values = {
      SPACES: '  two  words ',
      QUOTES: `it's "quoted" \\ back\`tick\``,
      DOLLAR: '$HOME $PATH $(touch PWNED)',
      HASH: '#{pid} #(touch PWNED) # no comment',
      SEMICOLON: 'a; touch PWNED;',
      GLOB: '* ? [a-z] ~ {a,b}',
      EQUALS: 'a=b=c',
      EMPTY: '',
      UNICODE: 'é 日 🤖',
    };
    const agent = harness.agent(
      'dev',
      'env -0 >"$0.env"; pwd >"$0.cwd"; echo $$ >"$0.pid"; exec sleep 1000',
      {
        env: values,
      },
    );

    await started(agent);

    const program = join(harness.root, 'programs', 'shop-dev');
    const seen = Object.fromEntries(
      readFileSync(`${program}.env`, 'utf8')
        .split('\0')
        .map((entry) => [entry.slice(0, entry.indexOf('=')), entry.slice(entry.indexOf('=') + 1)]),
    );
    expect(seen).toMatchObject(values);
    expect(readFileSync(`${program}.cwd`, 'utf8')).toBe(`${harness.root}\n`);
    expect(await harness.server.tmux('list-panes', '-a', '-F', '#{pane_start_path}')).toBe(harness.root);
    expect(existsSync(join(harness.root, 'PWNED'))).toBe(false);
    expect((await harness.supervisor.drain(agent, { budgetMs: 20_000 })).outcome).toBe('Graceful');
  });

  it('session names that tmux would change are refused before anything starts', async () => {
    harness = createTmuxHarness();

    for (const prefix of ['a.', 'x:', '#(touch PWNED)', '']) {
      const agent = { ...harness.agent('dev', 'polite', { prefix }), session: `${prefix}shop dev` };
      await expect(harness.supervisor.up(agent)).rejects.toThrow('session name');
    }
    expect(await harness.server.pid()).toBeUndefined();
  });

  it('what is missing on disk is named before anything starts', async () => {
    harness = createTmuxHarness();
    const agent = harness.agent('dev', 'polite');

    await expect(harness.supervisor.up({ ...agent, cwd: '/nowhere' })).rejects.toThrow('/nowhere');
    await expect(harness.supervisor.up({ ...agent, envFile: '/no/env' })).rejects.toThrow('/no/env');
    await expect(harness.supervisor.up({ ...agent, wrapper: '/no/wrapper' })).rejects.toThrow('/no/wrapper');
    expect(await harness.server.pid()).toBeUndefined();
  });

  it('an agent that ends with its wrapper right after the start is an error with its exit code and last words', async () => {
    harness = createTmuxHarness();
    const agent = harness.agent('dev', 'polite', { wrapper: '#!/bin/sh\necho no key found\nexit 7' });

    await expect(harness.supervisor.up(agent)).rejects.toMatchObject({
      name: 'SupervisorError',
      message: 'shop:dev ended right after its start (exit code 7)',
      lastLines: expect.arrayContaining(['no key found']),
    });
    expect(await harness.supervisor.state(agent)).toBe('stopped');
    expect((await harness.supervisor.observe([agent])).get(agent.id)).toMatchObject({
      lastEnd: { kind: 'exited', code: 7 },
    });
  });

  it('a key meant for one server is not typed into its successor', async () => {
    harness = createTmuxHarness();
    const agent = await started(harness.agent('dev', 'stubborn'));
    const bystander = harness.agent('other', 'polite');

    await harness.supervisor.drain(agent, {
      budgetMs: 0,
      async onNoted() {
        await harness.server.tmux('kill-server');
        await until('the server has gone', async () => (await harness.server.pid()) === undefined);
        await started(bystander);
      },
    });

    expect(harness.lives(agent)).toBe(false);
    expect(harness.lives(bystander)).toBe(true);
    expect(await harness.supervisor.state(bystander)).toBe('running');
  });

  it('an agent of another team that has the same name and session is not taken for this one, nor joined', async () => {
    harness = createTmuxHarness();
    const agent = await started(harness.agent('dev', 'polite'));
    const other = createAgentTree(join(harness.server.directory, 'other team'));
    const namesake = other.agent('dev', 'polite');
    const before = await panesOf(agent);

    expect(await harness.supervisor.state(namesake)).toBe('stopped');
    expect((await harness.supervisor.drain(namesake, { budgetMs: 0 })).signals).toEqual([]);
    expect((await harness.supervisor.down(namesake)).wasRunning).toBe(false);
    await expect(harness.supervisor.up(namesake)).rejects.toThrow(/belongs to another team's agent/);

    expect(await panesOf(agent)).toBe(before);
    expect(harness.lives(agent)).toBe(true);
  });

  it('an agent that ends at once in a directory full of special characters is still found by its pane', async () => {
    harness = createTmuxHarness(`C#Projects #{pid} $HOME 'q' "r" \\ team;`);
    const agent = harness.agent('dev', 'polite', { wrapper: '#!/bin/sh\necho no key found\nexit 7' });

    await expect(harness.supervisor.up(agent)).rejects.toMatchObject({
      message: 'shop:dev ended right after its start (exit code 7)',
      lastLines: expect.arrayContaining(['no key found']),
    });
    expect(await harness.server.pid()).toBeUndefined();
  });

  it('an agent of a tree that has the same session name elsewhere, on another server, is another agent', async () => {
    harness = createTmuxHarness();
    const elsewhere = createTmuxHarness();
    const agent = await started(harness.agent('dev', 'polite'));
    const namesake = elsewhere.agent('dev', 'polite');

    const seen = await elsewhere.supervisor.state(namesake);
    await elsewhere.supervisor.down(namesake);
    await elsewhere.stop();

    expect(seen).toBe('stopped');
    expect(harness.lives(agent)).toBe(true);
  });
});
