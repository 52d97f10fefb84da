import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Request } from '../../src/domain/operation.ts';
import { type Journal, openJournal } from '../../src/journal/journal.ts';
import type { Host } from '../../src/operations/host.ts';
import { planRequest } from '../../src/operations/plan/make-plan.ts';
import { recordsIn } from '../../src/operations/records/records.ts';
import { runOperation } from '../../src/operations/run/run-plan.ts';
import { readStatus } from '../../src/site/read-status.ts';
import { openTeamBackend } from '../../src/supervisor/backends.ts';
import { projectFile, type TeamOnDisk, writeTeam } from '../fakes/bot/e2e-agents.ts';
import { createTmuxServer, type TmuxServer } from '../fakes/tmux/tmux-server.ts';
import { until } from '../fakes/until.ts';
import { describeOnSystemd } from './systemd/systemd-suite.ts';

const ids = ['shop:cart', 'shop:lead', 'shop:pay'] as const;
const all = { kind: 'team' } as const;

describeOnSystemd('a team that changes between tmux and systemd', (world) => {
  let server: TmuxServer;
  let team: TeamOnDisk;
  let env: Record<string, string>;
  let journal: Journal;

  beforeEach(async () => {
    server = createTmuxServer();
    env = { ...server.env, ...world.manager.env };
    await server.tmux('new-session', '-d', '-s', 'another', 'sleep 1000');
    const managers = { lead: 'polite' } as const;
    const workers = { cart: 'polite', pay: 'polite' } as const;
    const shop = projectFile('shop', { managers, workers });
    team = writeTeam(mkdtempSync(join(world.manager.directory, 'moving-')), {
      projects: { shop },
      drainSeconds: 30,
    });
    mkdirSync(join(team.root, 'state/muster'), { recursive: true });
    journal = openJournal(join(team.root, 'state/muster'));
  });

  afterEach(async () => {
    await run(await host(), { verb: 'down' });
    journal.close();
    await server.stop();
  });

  /** As a Muster that starts now has it. */
  async function host(): Promise<Host> {
    const { supervisor, types } = await openTeamBackend(team.root, env);
    const self = { pid: process.pid, startTime: '1', bootId: 'this' };
    const { wanted, drainBudgets } = recordsIn(journal, self);
    const names = { root: team.root, name: 'here', supervisorTypes: types, teamMcp: 'team-mcp' };
    return { ...names, supervisor, wanted, drainBudgets };
  }

  /** Carries it out, and looks at every event that no agent runs twice. */
  async function run(on: Host, request: Partial<Request>): Promise<readonly string[]> {
    const whole = { verb: 'reload', selection: all, force: false, askedBy: 'ana', text: 'x' } as const;
    const { plan, situation } = await planRequest(on, { ...whole, ...request });
    const told: string[] = [];
    const { finished } = runOperation({ plan }, situation, {
      record: () => undefined,
      emit(event) {
        if (event.kind === 'failed') told.push(`failed ${event.id} ${event.error}`);
        if (event.kind === 'drained') told.push(`${event.result.outcome} ${event.id}`);
        for (const id of ids) if (team.living(id).length > 1) told.push(`twice ${id}`);
      },
    });
    await finished;
    return told.toSorted();
  }

  async function runningOnce(): Promise<void> {
    for (const id of ids) await until(`${id} runs, once`, () => team.living(id).length === 1);
  }

  function asksFor(type: string): void {
    const file = join(team.root, 'team-compose.yaml');
    const before = readFileSync(file, 'utf8');
    writeFileSync(file, before.replace(/type: \w+/, `type: ${type}`));
  }

  const sessions = async () =>
    (await server.tmux('list-sessions', '-F', '#{session_name}'))
      .split('\n')
      .filter((name) => name !== 'another').length;

  async function units(): Promise<number> {
    const own = (await world.manager.systemctl('list-units', '--plain', '--no-legend', 'muster-*')).split(
      '\n',
    );
    return own.filter((line) => / active +running /.test(line)).length;
  }

  const graceful = ids.map((id) => `Graceful ${id}`);

  it.each(['the Muster that runs', 'the next Muster'])('is moved there and back by %s', async (which) => {
    let muster = await host();
    await run(muster, {});
    await runningOnce();
    expect([await sessions(), await units()]).toEqual([3, 0]);

    asksFor('systemd');
    if (which === 'the next Muster') muster = await host();
    const status = await readStatus(muster, all);
    expect(status.agents.map(({ seen }) => seen.state)).toEqual(['running', 'running', 'running']);
    expect(status.warnings).toContainEqual(expect.stringContaining('3 agents are on tmux'));
    expect(await run(muster, {})).toEqual(graceful);
    await runningOnce();
    expect([await sessions(), await units()]).toEqual([0, 3]);
    expect(await run(muster, {})).toEqual([]);

    asksFor('tmux');
    if (which === 'the next Muster') muster = await host();
    expect(await run(muster, {})).toEqual(graceful);
    await runningOnce();
    expect([await sessions(), await units()]).toEqual([3, 0]);
    expect(ids.map((id) => team.lives(id).length)).toEqual([3, 3, 3]);
  });
});
