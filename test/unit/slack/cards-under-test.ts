import type { LastStop, LastStops } from '../../../src/operations/last-stop.ts';
import type { Operation, Request, Selection } from '../../../src/operations/operation.ts';
import type { Plan, Step } from '../../../src/operations/plan.ts';
import {
  advance,
  type ForcedKill,
  forcedKills,
  type Progress,
  progressAtStart,
} from '../../../src/operations/progress.ts';
import { type AskReason, type Question, shownBy } from '../../../src/operations/question.ts';
import { RefusedError } from '../../../src/operations/refusal.ts';
import type { AgentStatus } from '../../../src/operations/status.ts';
import { sentenceCard } from '../../../src/slack/blocks.ts';
import { alertCard } from '../../../src/slack/cards/alert.ts';
import { closingReply } from '../../../src/slack/cards/closing.ts';
import { dryRunCard } from '../../../src/slack/cards/dry-run.ts';
import { nothingToDoCard } from '../../../src/slack/cards/nothing-to-do.ts';
import { operationCard } from '../../../src/slack/cards/operation.ts';
import { changedSentence, questionCard } from '../../../src/slack/cards/question.ts';
import { receiptCard } from '../../../src/slack/cards/receipt.ts';
import { statusCard } from '../../../src/slack/cards/status.ts';
import { explain } from '../../../src/slack/explain.ts';
import type { MessageContent } from '../../../src/slack/messages.ts';
import type { DrainResult, Observation } from '../../../src/supervisor/supervisor.ts';
import type { AgentId } from '../../../src/team/team.ts';
import { adviseBudget } from '../../../src/watch/budget-advice.ts';
import { asked } from '../operations/team-under-test.ts';

type Cards = Readonly<Record<string, MessageContent>>;

/** The moment at which the golden cards are drawn. */
const now = new Date('2026-03-01T14:02:07Z');
const ago = (ms: number) => new Date(now.getTime() - ms);
const hostName = 'build-1';
const shop = { kind: 'project', project: 'shop' } as const;

const life = { pid: 4711, startTime: '1', bootId: 'b' };
const running = (forMs: number): Observation => ({ state: 'running', incarnation: life, since: ago(forMs) });
const record = {
  tookMs: 10_412,
  signals: [
    { signal: 'C-c', atMs: 0, processes: 1 },
    { signal: 'C-c', atMs: 5_003, processes: 1 },
    { signal: 'HUP', atMs: 10_001, processes: 3 },
    { signal: 'KILL', atMs: 10_502, processes: 1 },
  ],
  survivors: [],
  strays: [],
  lastLines: ['Writing invoice 17 of 40', '$ npm test', ''],
};
const killedResult: DrainResult = { ...record, outcome: 'TimedOutKilled', budgetMs: 10_000 };
const gracefulResult: DrainResult = {
  ...record,
  tookMs: 2_310,
  signals: [],
  outcome: 'Graceful',
  budgetMs: 10_000,
};

function step(id: AgentId, action: Step['action'], why: readonly string[] = [], depth = 1): Step {
  const spec = { id, project: 'shop', agent: 'x', session: 's', wrapper: 'w', cwd: '/', envFile: 'e' };
  const stop = ['drain', 'down', 'replace', 'remove'].includes(action) ? { stop: spec } : {};
  const start = ['up', 'replace', 'adopt'].includes(action) ? { start: spec } : {};
  return { id, action, why, depth, budgetMs: action === 'down' ? 0 : 10_000, ...stop, ...start };
}

const reloadSteps = [
  step('shop:lead', 'keep', [], 0),
  step('shop:cart', 'up', ['dead']),
  step('shop:pay', 'replace', ['env']),
  step('shop:search', 'remove', ['gone from the team']),
  step('shop:mail', 'leave', ['unknown: cannot be asked']),
];

function operation(request: Partial<Request>, steps: readonly Step[]): Operation {
  const plan: Plan = { steps, settlesDigest: false };
  const full = asked({ selection: shop, text: '/team reload shop', ...request });
  return { id: 'O-7k2m9x', request: full, plan, startedAt: ago(12_000) };
}

const reload = operation({}, reloadSteps);
const drain = operation({ verb: 'drain', text: '/team drain shop' }, [
  step('shop:pay', 'drain'),
  step('shop:cart', 'drain'),
]);
const down = operation({ verb: 'down', text: '/team down shop' }, [
  step('shop:pay', 'down'),
  step('shop:cart', 'down', ['restarting']),
]);
const up = operation({ verb: 'up', text: '/team up shop' }, [step('shop:pay', 'up', ['new'])]);

function progressOf(of: Operation, ...events: Parameters<typeof advance>[1][]): Progress {
  return events.reduce(advance, progressAtStart(of.plan));
}

const at = now;
const draining = (id: AgentId) => ({ kind: 'draining', id, at: ago(3_000), budgetMs: 10_000 }) as const;
const drained = (id: AgentId, result: DrainResult) => ({ kind: 'drained', id, at, result }) as const;
const started = (id: AgentId) => ({ kind: 'started', id, at }) as const;
const failed = (id: AgentId, words: string) => ({ kind: 'failed', id, at, error: new Error(words) }) as const;

const reloadOver = progressOf(
  reload,
  drained('shop:pay', killedResult),
  started('shop:pay'),
  started('shop:cart'),
  drained('shop:search', gracefulResult),
  { kind: 'forgotten', id: 'shop:search', at },
);
const reloadFailed = progressOf(
  reload,
  drained('shop:pay', gracefulResult),
  failed('shop:pay', 'tmux: no server running'),
  started('shop:cart'),
  drained('shop:search', gracefulResult),
  { kind: 'forgotten', id: 'shop:search', at },
);

function question(of: Operation, reason: AskReason): Question {
  return {
    id: 'q-0123456789abcdef01234567',
    request: of.request,
    reason,
    plan: of.plan,
    shown: shownBy(of.plan, new Map()),
    expiresAt: new Date(now.getTime() + 120_000),
  };
}

const observed = new Map<AgentId, Observation>([
  ['shop:pay', running(12 * 60_000)],
  ['shop:cart', { state: 'stopped', restarting: true }],
  ['shop:lead', running(4 * 3_600_000)],
  ['shop:search', { state: 'unknown', reason: 'tmux did not answer within 5 s' }],
]);

const statusAgents: readonly AgentStatus[] = [
  { id: 'shop:lead', project: 'shop', seen: running(4 * 3_600_000), inTeam: true },
  {
    id: 'shop:pay',
    project: 'shop',
    seen: { state: 'stopped', restarting: false, lastEnd: { kind: 'exited', code: 3, at } },
    inTeam: true,
  },
  {
    id: 'shop:cart',
    project: 'shop',
    seen: { state: 'stopped', restarting: true, lastEnd: { kind: 'signalled', signal: 'SIGSEGV', at } },
    inTeam: true,
  },
  {
    id: 'shop:search',
    project: 'shop',
    seen: { state: 'unknown', reason: 'tmux did not answer within 5 s' },
    inTeam: true,
  },
  { id: 'shop:old', project: 'shop', seen: running(90_000), inTeam: false },
  {
    id: 'shop:mail',
    project: 'shop',
    seen: { state: 'stopped', restarting: false, gaveUp: '10 starts within 5 min; /team up tries again' },
    inTeam: true,
  },
  {
    id: 'shop:night',
    project: 'shop',
    seen: {
      state: 'stopped',
      restarting: false,
      lastEnd: { kind: 'exited', code: 0, at: ago(30 * 3_600_000) },
    },
    inTeam: true,
    wantedDown: { by: 'U0BO0000000', at: ago(30 * 3_600_000) },
  },
];

/** 90 agents in three projects: more than one page. */
const crowded = Array.from({ length: 90 }, (_, index): AgentStatus => {
  const project = ['shop', 'blog', 'mail'][index % 3] ?? 'shop';
  const seen: Observation = index === 4 ? { state: 'stopped', restarting: false } : running(3_600_000);
  return { id: `${project}:a${index}`, project, seen, inTeam: true };
});

const stops = new Map<AgentId, LastStop>([
  ['shop:pay', { how: 'TimedOutKilled', at: ago(22 * 60_000), operation: 'O-222222', result: killedResult }],
  ['shop:lead', { how: 'Graceful', at: ago(4 * 3_600_000), operation: 'O-333333', result: gracefulResult }],
]);
const lastStops = (): LastStops => ({ of: (id) => stops.get(id) });

const status = (
  agents: readonly AgentStatus[],
  more: { complaints?: readonly string[]; warnings?: readonly string[] } = {},
  which: { selection?: Selection; page?: number } = {},
) =>
  statusCard({
    status: { asOf: now, agents, complaints: [], warnings: [], ...more },
    selection: shop,
    ...which,
    hostName,
    lastStops: lastStops(),
    askedBy: 'U0ANA00000',
  });

const card = (of: Operation, progress: Progress, over = false, error?: Error) =>
  operationCard({
    operation: of,
    progress,
    hostName,
    now,
    ...(over && { finished: { at: now, ...(error && { error }) } }),
  });
const ask = (of: Operation, reason: AskReason, again?: string) =>
  questionCard({
    question: question(of, reason),
    observed,
    hostName,
    rule: 'requester',
    ...(again !== undefined && { again }),
  });

const slowResult: DrainResult = { ...gracefulResult, tookMs: 38_000, budgetMs: 60_000 };

const advised = (kills: readonly ForcedKill[], drains: readonly DrainResult[]) =>
  kills.map((kill) => ({ ...kill, advice: adviseBudget(drains, kill.step.budgetMs) }));

/** Every card in every state a person may meet it in. */
export function ordinaryCards(): Cards {
  const kills = forcedKills(reloadOver);
  const [kill] = kills;
  if (kill === undefined) throw new Error('the reload was to kill');
  const survived = {
    ...kill,
    stop: {
      at,
      result: {
        ...killedResult,
        survivors: [{ pid: 812, state: 'D', command: 'node agent.js' }],
        strays: [{ pid: 99, state: 'S', command: 'git gc' }],
      },
    },
  };
  return {
    'alert-one-kill': alertCard({
      operation: reload,
      kills: advised(kills, [killedResult]),
      hostName,
      shownIn: 'C0OPS00000',
    }),
    'alert-advice': alertCard({
      operation: reload,
      kills: advised(kills, [killedResult, slowResult, killedResult, killedResult, killedResult]),
      hostName,
      shownIn: 'C0OPS00000',
    }),
    'closing-alert': closingReply({
      operation: reload,
      progress: reloadOver,
      finishedAt: now,
      offered: advised(kills, [killedResult]),
    }),
    'closing-killed': closingReply({ operation: reload, progress: reloadOver, finishedAt: now }),
    'closing-long': closingReply({
      operation: drain,
      progress: progressOf(drain, drained('shop:pay', gracefulResult), drained('shop:cart', gracefulResult)),
      finishedAt: now,
    }),
    'closing-untold': closingReply({
      operation: reload,
      progress: reloadOver,
      finishedAt: now,
      untold: 'not_in_channel',
    }),
    'down-over': card(
      down,
      progressOf(
        down,
        { kind: 'killed', id: 'shop:pay', at, result: { ...record, wasRunning: true } },
        { kind: 'killed', id: 'shop:cart', at, result: { ...record, wasRunning: false } },
      ),
      true,
    ),
    'down-running': card(down, progressOf(down, { kind: 'killing', id: 'shop:pay', at })),
    'drain-over': card(
      drain,
      progressOf(drain, drained('shop:pay', gracefulResult), drained('shop:cart', gracefulResult)),
      true,
    ),
    'drain-over-killed': card(
      drain,
      progressOf(drain, drained('shop:pay', killedResult), drained('shop:cart', gracefulResult)),
      true,
    ),
    'drain-running': card(drain, progressOf(drain, draining('shop:pay'), draining('shop:cart'))),
    'drain-pausing': operationCard({
      operation: drain,
      progress: progressOf(drain, draining('shop:pay')),
      hostName,
      now,
      pausing: true,
    }),
    'drain-cut-short': card(
      drain,
      progressOf(drain, draining('shop:pay'), draining('shop:cart'), {
        kind: 'cut-short',
        id: 'shop:pay',
        at,
      }),
    ),
    'drain-over-cut-short': card(
      drain,
      progressOf(
        drain,
        drained('shop:pay', { ...killedResult, tookMs: 3_200 }),
        drained('shop:cart', gracefulResult),
      ),
      true,
    ),
    'dry-run': dryRunCard(reload.request, reload.plan),
    'dry-run-nothing': dryRunCard(reload.request, {
      steps: [step('shop:lead', 'keep')],
      settlesDigest: false,
    }),
    'nothing-to-do-drain': nothingToDoCard(drain.request, drain.plan, observed),
    'nothing-to-do-reload': nothingToDoCard(
      reload.request,
      { steps: [step('shop:lead', 'keep')], settlesDigest: false },
      observed,
    ),
    'nothing-to-do-left-alone': nothingToDoCard(
      reload.request,
      { steps: [step('shop:mail', 'leave', ['unknown: cannot be asked'])], settlesDigest: false },
      observed,
    ),
    'nothing-to-do-up': nothingToDoCard(
      up.request,
      { steps: [step('shop:lead', 'keep', ['running'])], settlesDigest: false },
      observed,
    ),
    'question-down': ask(down, 'hard-down'),
    'question-down-again': ask(
      down,
      'hard-down',
      changedSentence([
        { id: 'shop:cart', change: 'started' },
        { id: 'shop:pay', change: 'stopped' },
      ]),
    ),
    'question-second-person': questionCard({
      question: question(down, 'hard-down'),
      observed,
      hostName,
      rule: 'second-person',
    }),
    'question-force': ask(
      operation({ force: true, text: '/team reload shop --force' }, [
        step('shop:pay', 'replace', ['forced']),
        step('shop:search', 'remove', ['gone from the team']),
      ]),
      'force',
    ),
    'question-several-projects': ask(
      operation({ selection: { kind: 'team' }, text: '/team reload' }, [
        step('shop:pay', 'replace', ['env']),
        step('blog:editor', 'up', ['dead']),
      ]),
      'several-projects',
    ),
    'question-zero-budget': ask(
      operation({ verb: 'drain', text: '/team drain shop 0s', budgetMs: 0 }, [
        { ...step('shop:pay', 'drain'), budgetMs: 0 },
      ]),
      'zero-budget',
    ),
    receipt: receiptCard({ id: 'R-7k2m9x', operation: reload, kill, lines: 0, before: [] }),
    'receipt-with-lines': receiptCard({
      id: 'R-7k2m9x',
      operation: reload,
      kill,
      lines: 2,
      before: [slowResult, killedResult],
    }),
    'receipt-survivor': receiptCard({
      id: 'R-7k2m9x',
      operation: reload,
      kill: survived,
      lines: 15,
      before: [],
    }),
    'reload-begun': card(reload, progressOf(reload)),
    'reload-midway': card(
      reload,
      progressOf(reload, drained('shop:search', gracefulResult), draining('shop:pay')),
    ),
    'reload-starting': card(
      reload,
      progressOf(reload, drained('shop:pay', killedResult), { kind: 'starting', id: 'shop:pay', at }),
    ),
    'reload-over-killed': card(reload, reloadOver, true),
    'reload-over-failed': card(reload, reloadFailed, true),
    'reload-over-error': card(
      reload,
      reloadOver,
      true,
      new Error('state/applied.json cannot be written: EACCES'),
    ),
    status: status(statusAgents, { warnings: ['projects/shop.yaml line 3: x'] }),
    'status-all-well': status(statusAgents.slice(0, 1)),
    'status-no-agents': status([]),
    'status-agent': status(statusAgents.slice(1, 2), {}, { selection: { kind: 'agent', id: 'shop:pay' } }),
    'status-first-page': status(crowded, {}, { selection: { kind: 'team' } }),
    'status-last-page': status(crowded, {}, { selection: { kind: 'team' }, page: 1 }),
    'status-left-down': status(statusAgents.slice(-1)),
    'status-warnings': status(statusAgents.slice(0, 1), {
      warnings: ['projects/shop.yaml line 3: x', 'projects/shop.yaml line 9: y'],
    }),
    'status-does-not-load': status(statusAgents.slice(0, 1), {
      complaints: ['projects/shop.yaml line 14: managers.lead.effort is "hgih"; it must be low or high.'],
    }),
    'up-over': card(up, progressOf(up, started('shop:pay')), true),
  };
}

const nasty = '<!channel> <@U0EVIL0000> *bold* & ';
const longId = (project: number, agent: number): AgentId =>
  `${`project-${project}-`.padEnd(64, 'p')}:${`agent-${agent}-`.padEnd(64, 'a')}`;
const longError = nasty.repeat(10_000 / nasty.length);
const many = Array.from({ length: 300 }, (_, index) => longId(index % 12, index));
const crowd = (count: number, action: Step['action']) =>
  many.slice(0, count).map((id) => step(id, action, [longError]));
const worstRequest = {
  text: `/team ${longError}`,
  selection: { kind: 'project', project: `${nasty}${'p'.repeat(64)}` },
} as const;
const worstResult: DrainResult = {
  ...killedResult,
  signals: Array.from({ length: 40 }, (_, atMs) => ({ signal: 'KILL', atMs, processes: 9 })),
  survivors: Array.from({ length: 40 }, (_, pid) => ({ pid, state: 'D', command: longError })),
  strays: Array.from({ length: 40 }, (_, pid) => ({ pid, state: 'S', command: longError })),
  lastLines: Array.from({ length: 40 }, () => longError),
};

/** 300 agents in 12 projects with ids of 129 characters, errors of 10,000 characters, and names that would ping a channel. */
export function worstCards(): Cards {
  const cards: Record<string, MessageContent> = {};
  for (const count of [1, 40, 50, 51, 300]) {
    const of = operation(worstRequest, crowd(count, 'replace'));
    const ids = many.slice(0, count);
    const killed = progressOf(of, ...ids.map((id) => drained(id, worstResult)));
    const allFailed = ids.map((id) => failed(id, longError)).reduce(advance, killed);
    cards[`operation of ${count}, begun`] = card(of, progressOf(of));
    cards[`operation of ${count}, draining`] = card(of, progressOf(of, ...ids.map(draining)));
    cards[`operation of ${count}, killed`] = card(of, killed, true);
    cards[`operation of ${count}, failed`] = card(of, allFailed, true, new Error(longError));
    cards[`closing of ${count}`] = closingReply({
      operation: of,
      progress: killed,
      finishedAt: now,
      untold: longError,
    });
    cards[`alert of ${count}`] = alertCard({
      operation: of,
      kills: advised(forcedKills(killed), [worstResult]),
      hostName: longError,
      shownIn: 'C0OPS00000',
    });
    cards[`dry run of ${count}`] = dryRunCard(of.request, of.plan);
    cards[`nothing to do for ${count}`] = nothingToDoCard(
      of.request,
      { steps: crowd(count, 'leave'), settlesDigest: false },
      new Map(),
    );
    const unknown = new Map(ids.map((id) => [id, { state: 'unknown', reason: longError }] as const));
    cards[`question about ${count}`] = questionCard({
      question: question(of, 'several-projects'),
      observed: unknown,
      hostName: longError.slice(0, 200),
      rule: 'second-person',
      again: changedSentence(ids.map((id) => ({ id, change: 'handled' }) as const)),
    });
    const agents = ids.map(
      (id): AgentStatus => ({
        id,
        project: 'p',
        seen: { state: 'unknown', reason: longError },
        inTeam: true,
        wantedDown: { by: longError, at: ago(1) },
      }),
    );
    cards[`status of ${count}`] = statusCard({
      status: {
        asOf: now,
        agents,
        complaints: Array.from({ length: count }, () => longError),
        warnings: [longError],
      },
      selection: worstRequest.selection,
      hostName: longError.slice(0, 200),
      lastStops: { of: () => undefined },
      askedBy: 'U0ANA00000',
    });
    const everyWord = agents.map(
      (agent, index): AgentStatus => ({
        ...agent,
        project: `${longError.slice(0, 100)}${index % 12}`,
        seen: {
          state: 'stopped',
          restarting: false,
          gaveUp: longError,
          lastEnd: { kind: 'signalled', signal: longError, at: ago(1e9) },
        },
        inTeam: false,
      }),
    );
    for (const page of [0, 3, 1000]) {
      cards[`status of ${count} that gave up, page ${page}`] = status(
        everyWord,
        { warnings: [longError, longError] },
        { selection: { kind: 'team' }, page },
      );
    }
    const complaints = Array.from({ length: count }, () => longError);
    cards[`refusal with ${count} complaints`] = sentenceCard(
      explain(new RefusedError({ kind: 'team-does-not-load', complaints })).words,
    );
    cards[`refusal with ${count} names`] = sentenceCard(
      explain(new RefusedError({ kind: 'unknown-selection', asked: longError, known: ids })).words,
    );
    const [kill] = forcedKills(killed);
    if (kill !== undefined)
      cards[`receipt of one of ${count}`] = receiptCard({
        id: 'R-7k2m9x',
        operation: of,
        kill,
        lines: 15,
        before: [worstResult],
      });
  }
  return cards;
}
