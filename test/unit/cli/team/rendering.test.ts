import { describe, expect, test } from 'vitest';
import { helpText } from '../../../../src/cli/help.ts';
import { eventLine } from '../../../../src/cli/team/event-line.ts';
import { auditLines, historyLines, timeline } from '../../../../src/cli/team/history-lines.ts';
import { statusLines } from '../../../../src/cli/team/status-lines.ts';
import { exitCodeOf, verdictLines } from '../../../../src/cli/team/verdict-lines.ts';
import { clean } from '../../../../src/cli/terminal/style.ts';
import type { AgentId } from '../../../../src/domain/agent.ts';
import type { Operation } from '../../../../src/domain/operation.ts';
import type { OperationEvent } from '../../../../src/domain/operation-event.ts';
import type { Step } from '../../../../src/domain/plan.ts';
import { progressBy } from '../../../../src/domain/progress.ts';
import type { WatchedAgent } from '../../../../src/domain/status.ts';
import type { DrainResult } from '../../../../src/domain/stop-record.ts';
import { asked } from '../../operations/team-under-test.ts';

const style = { width: 80, colour: false };
/** On the clock of whatever host the tests run on. */
const at = (seconds: number) => new Date(2026, 10, 22, 14, 2, seconds);
const record = { signals: [], survivors: [], strays: [], lastLines: [] };
const killed: DrainResult = { ...record, outcome: 'TimedOutKilled', budgetMs: 10_000, tookMs: 10_520 };
const graceful: DrainResult = { ...record, outcome: 'Graceful', budgetMs: 10_000, tookMs: 2300 };

function step(id: AgentId, action: Step['action'] = 'replace', why: readonly string[] = ['env']): Step {
  return { id, action, why, depth: 0, budgetMs: 10_000 };
}

function operation(...steps: readonly Step[]): Operation {
  const request = asked({
    selection: { kind: 'project', project: 'shop' },
    askedBy: 'ana@build-1',
    text: 'muster reload shop',
  });
  return { id: 'O-7k2m9x', request, plan: { steps }, startedAt: at(0) };
}

const reload = operation(step('shop:pay'), step('shop:cart'), step('shop:lead', 'keep', []));
const failure = 'tmux \u001b[31mrefused\u001b[0m:\nno space for a new pane';
const events: readonly OperationEvent[] = [
  { kind: 'draining', id: 'shop:pay', at: at(1), budgetMs: 10_000 },
  { kind: 'draining', id: 'shop:cart', at: at(1), budgetMs: 10_000 },
  { kind: 'drained', id: 'shop:cart', at: at(3), result: graceful },
  { kind: 'forcing', id: 'shop:pay', at: at(11) },
  { kind: 'drained', id: 'shop:pay', at: at(12), result: killed },
  { kind: 'starting', id: 'shop:pay', at: at(12) },
  { kind: 'started', id: 'shop:pay', at: at(13) },
];
const over = (all: readonly OperationEvent[]) => ({
  operation: reload,
  progress: progressBy(reload.plan, all),
  verdict: { at: at(14) },
});
const complete = over([...events, { kind: 'started', id: 'shop:cart', at: at(13) }]);
const incomplete = over([...events, { kind: 'failed', id: 'shop:cart', at: at(13), error: failure }]);

describe('a line for what has just happened', () => {
  test('has the time, the agent and a few words', () => {
    expect(events.map((event) => eventLine(event, reload, style))).toEqual([
      '14:02:01  shop:pay   asked to stop, 10 s at most',
      '14:02:01  shop:cart  asked to stop, 10 s at most',
      '14:02:03  shop:cart  stopped (Graceful) after 2.3 s',
      '14:02:11  shop:pay   its time is over: killing',
      '14:02:12  shop:pay   TimedOutKilled after 11 s (receipt R-7k2m9x-1)',
      '14:02:12  shop:pay   starting',
      '14:02:13  shop:pay   up',
    ]);
  });

  test('never moves the cursor with what a program wrote', () => {
    expect(eventLine({ kind: 'failed', id: 'shop:pay', at: at(1), error: failure }, reload, style)).toBe(
      '14:02:01  shop:pay   failed: tmux [31mrefused[0m: no space for a new pane',
    );
    expect(clean('a\u001b]0;title\u0007b\u202ec\r\n  d')).toBe('a]0;titlebc d');
  });

  test('has colours only where they are wanted', () => {
    const line = eventLine({ kind: 'started', id: 'shop:pay', at: at(1) }, reload, {
      width: 80,
      colour: true,
    });

    expect(line).toBe('\u001b[90m14:02:01\u001b[0m  shop:pay   \u001b[32mup\u001b[0m');
  });
});

describe('the verdict', () => {
  test('has what had to be killed first, with what that means, and the sum last', () => {
    expect(verdictLines(complete, style)).toEqual([
      '',
      '✗ shop:pay had to be killed (TimedOutKilled): it did not stop within its 10 s',
      '  budget. Receipt R-7k2m9x-1.',
      '  TimedOutKilled: the agent was asked to stop, did not within its budget, and',
      '  was killed; what it had not finished is lost. If this happens often, give it',
      '  more time: drain p:a 45s, or supervisor.drain_timeout_secs in the team file.',
      '1 agent had to be killed (TimedOutKilled). Reloaded shop: 2 replaced, 1',
      'untouched. O-7k2m9x took 14 s.',
    ]);
    expect(exitCodeOf(complete)).toBe(3);
  });

  test('says what is not complete, and that counts more', () => {
    expect(verdictLines(incomplete, style).slice(6)).toEqual([
      '✗ shop:cart: tmux [31mrefused[0m: no space for a new pane',
      '1 agent had to be killed (TimedOutKilled). Reload of shop is not complete: 1',
      'replaced, 1 failed, 1 untouched. O-7k2m9x took 14 s.',
    ]);
    expect(exitCodeOf(incomplete)).toBe(1);
  });

  test('says what nobody can know, and what was left', () => {
    const left = over([
      { kind: 'gone', id: 'shop:pay', at: at(3), why: 'it ended while Muster was away' },
      { kind: 'left', id: 'shop:cart', at: at(3), why: 'it had not begun: ask again' },
    ]);

    expect(verdictLines(left, style)).toEqual([
      '',
      '? shop:pay: it ended while Muster was away',
      '! shop:cart: it had not begun: ask again',
      'Reload of shop is not complete: 1 replaced, 1 left alone, 1 untouched. O-7k2m9x',
      'took 14 s.',
    ]);
    expect(exitCodeOf(left)).toBe(1);
  });
});

test('the status has trouble first, and what there is to say of an agent below its line', () => {
  const now = at(30);
  const life = { pid: 4711, startTime: '1', bootId: 'b' };
  const running = { state: 'running', incarnation: life, since: at(0) } as const;
  const agent = (
    id: AgentId,
    seen: WatchedAgent['seen'],
    more: Partial<WatchedAgent> = {},
  ): WatchedAgent => ({
    ...{ id, project: 'shop', seen, inTeam: true },
    ...more,
  });
  const mute = { id: 1, what: 'shop:crashy', by: 'ana@build-1', since: at(0), until: at(1800) };
  const agents = [
    agent('shop:lead', running),
    agent('shop:pay', { state: 'unknown', reason: 'tmux did not answer within 5 s' }),
    agent(
      'shop:cart',
      { state: 'stopped', restarting: false },
      {
        wantedDown: { by: 'ana@build-1', at: at(9) },
        lastStop: { how: 'TimedOutKilled', at: at(9), operation: 'O-7k2m9x' },
      },
    ),
    agent('shop:mail', {
      state: 'stopped',
      restarting: false,
      lastEnd: { kind: 'exited', code: 3, at: at(10) },
    }),
    agent('shop:old', { ...running, outlived: true }, { inTeam: false }),
    agent('shop:crashy', running, { loop: { since: at(-90), deaths: 6 }, mute }),
    agent('shop:slow', { state: 'stopped', restarting: true, nextStartAt: at(75) }),
  ];
  const complaints = ['projects/shop.yaml line 1: x'];
  const status = { asOf: now, agents, complaints, warnings: ['shop: lead has no role'] };

  const lines = statusLines(status, 'build-1', style);

  // The day is said where it is not today.
  expect(lines.map((line) => line.replace('2026-11-22 14', '14'))).toEqual([
    "The team's files don't load; up and reload wait until they do.",
    '- projects/shop.yaml line 1: x',
    'build-1, 14:02:30: 3 of 7 running · 1 unknown · 1 stopped · 1',
    'restarting · 1 left down',
    '',
    'shop:pay     unknown',
    '    tmux did not answer within 5 s',
    'shop:crashy  running 30 s',
    '    crash loop: 6 deaths in 2 min',
    '    alerts are muted until 14:32:00, by ana@build-1',
    'shop:slow    restarting',
    '    its loop starts it again in 45 s',
    'shop:mail    stopped 20 s',
    '    it ended with exit code 3',
    'shop:old     running 30 s',
    '    pid 4711 has outlived its session: drain ends it, restart ends it and',
    '    starts it anew',
    "    gone from the team's files",
    'shop:cart    left down             last stop TimedOutKilled, 14:02:09',
    '    left down by ana@build-1, 14:02:09',
    'shop:lead    running 30 s',
    '',
    'Warning: shop: lead has no role',
  ]);
});

describe('looking back', () => {
  const logged = {
    operation: reload,
    events,
    owner: { pid: 1, startTime: '1', bootId: 'b' },
    verdict: { at: at(14) },
  };
  const past = { operations: [logged], deaths: [] };

  test('the history is readable in 80 columns', () => {
    expect(historyLines(past, style)).toEqual([
      '2026-11-22 14:02:00  muster reload shop (shop) by ana@build-1: 1 drained',
      '    politely, 1 had to be killed (TimedOutKilled), 1 started in 14 s (O-7k2m9x)',
      '    shop:pay: killed (TimedOutKilled: it did not stop within its 10 s',
      '      budget), then started; receipt R-7k2m9x-1',
      '    shop:cart: drained politely in 2.3 s',
    ]);
    expect(historyLines({ operations: [], deaths: [] }, style)).toEqual(['Nothing happened.']);
  });

  test('a timeline shows what was typed as it was typed', () => {
    const request = { ...reload.request, text: 'muster reload *shop_a* <b>' };
    const typed = { ...logged, operation: { ...reload, request } };

    expect(timeline({ operations: [typed], deaths: [] }, 'shop', 'build-1')).toContain(
      '- **2026-11-22 14:02:00** muster reload \\*shop\\_a\\* \\<b\\> (shop) by ana@build-1: ',
    );
  });

  test('the audit says who, from where, what, and what came of it', () => {
    const attempt = { delivery: 'd', person: 'ana@build-1', team: 'host', channel: 'terminal' };
    const entries = [
      {
        ...attempt,
        at: at(1),
        text: 'muster up shop',
        decision: 'allowed',
        outcome: 'done',
        operation: 'O-7k2m9x',
      },
      { ...attempt, at: at(2), text: 'muster status', decision: 'allowed' },
      {
        ...attempt,
        at: at(3),
        person: 'U0BO',
        team: 'T1',
        channel: 'C1',
        text: '/team up',
        decision: 'refused',
        reason: 'not-an-operator',
      },
    ] as const;

    expect(auditLines(entries, { ...style, width: 120 })).toEqual([
      '2026-11-22 14:02:01  ana@build-1 on the host: muster up shop (O-7k2m9x): done',
      '2026-11-22 14:02:02  ana@build-1 on the host: muster status: no outcome',
      '2026-11-22 14:02:03  U0BO in C1: /team up: refused (not-an-operator)',
    ]);
  });
});

test('help fits into 80 columns, and every verb has its own', () => {
  expect(helpText(undefined, style)).not.toMatch(/.{81}/);
  expect(helpText('drain', style)).toBe(
    `muster drain project[:agent] [45s] [--yes]

  asks agents to stop and waits; what does not stop in time is killed and
  flagged TimedOutKilled

  --yes  agrees beforehand, for scripts

  muster drain shop:pay 45s
`,
  );
});
