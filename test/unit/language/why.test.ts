import { describe, expect, test } from 'vitest';
import type { AgentId } from '../../../src/domain/agent.ts';
import { adviseBudget } from '../../../src/domain/budget-advice.ts';
import type { OperationEvent } from '../../../src/domain/operation-event.ts';
import type { LoggedOperation } from '../../../src/domain/operation-record.ts';
import type { Step } from '../../../src/domain/plan.ts';
import type { DrainResult } from '../../../src/domain/stop-record.ts';
import type { WhyFacts } from '../../../src/domain/why.ts';
import { adviceWords } from '../../../src/language/advice.ts';
import { historyMarkdown, historyOf } from '../../../src/language/history.ts';
import type { Wording } from '../../../src/language/phrases.ts';
import { whySentences } from '../../../src/language/why.ts';
import { hour, minute, second, start } from '../../fakes/manual-timers.ts';

const plain: Wording = {
  person: (id) => `@${id}`,
  moment: (at) => at.toISOString().slice(11, 19),
  lasting: (ms) => (ms >= hour ? `${ms / hour} h` : ms >= minute ? `${ms / minute} min` : `${ms / 1000} s`),
  quoted: (text) => `«${text}»`,
  name: (id) => id,
  linked: (words) => words,
};

const at = (ms: number) => new Date(start + ms);
const id: AgentId = 'shop:pay';
const timedOut: DrainResult = {
  outcome: 'TimedOutKilled',
  tookMs: 10_520,
  budgetMs: 10_000,
  signals: [],
  survivors: [],
  strays: [],
  lastLines: [],
};
const step = (agent: AgentId, action: Step['action'] = 'replace'): Step => ({
  id: agent,
  action,
  why: ['env'],
  depth: 0,
  budgetMs: 10_000,
});

function reloaded(events: readonly OperationEvent[], steps = [step('shop:lead'), step(id)]): LoggedOperation {
  return {
    operation: {
      id: 'O-7k2m9x',
      request: {
        verb: 'reload',
        selection: { kind: 'project', project: 'shop' },
        force: false,
        askedBy: 'ana',
        text: '/team reload shop',
      },
      plan: { steps },
      startedAt: at(0),
    },
    events,
    owner: { pid: 1, startTime: '1', bootId: 'b' },
    verdict: { at: at(12 * second) },
  };
}

const facts = (more: Partial<WhyFacts>): WhyFacts => ({
  id,
  asOf: at(2 * hour),
  seen: { state: 'stopped', restarting: false },
  advice: adviseBudget([], 10_000),
  warnings: [],
  ...more,
});

describe('why an agent runs or does not', () => {
  test.each([
    [
      at(2 * hour + 2 * minute),
      'shop:pay is down, and its restart loop starts it again in 2 min; /team up shop:pay starts it now.',
    ],
    [at(2 * hour - second), 'shop:pay is down for a moment: its restart loop is about to start it again.'],
    [undefined, 'shop:pay is down for a moment: its restart loop is about to start it again.'],
  ])('says until when a loop waits: %s', (nextStartAt, sentence) => {
    const seen = { state: 'stopped', restarting: true, ...(nextStartAt && { nextStartAt }) } as const;

    expect(whySentences(facts({ seen }), plain)[0]).toBe(sentence);
  });

  test('is said of one that nobody has touched', () => {
    const incarnation = { pid: 1, startTime: '1', bootId: 'b' };
    expect(whySentences(facts({ seen: { state: 'running', incarnation, since: at(0) } }), plain)).toEqual([
      'shop:pay runs since 14:00:00, for 2 h.',
      'It is wanted up: nobody has asked Muster to keep it down.',
      'No operation of Muster has touched it.',
    ]);
  });

  test('is said of one that has outlived its session', () => {
    const incarnation = { pid: 4711, startTime: '1', bootId: 'b' };
    const seen = { state: 'running', incarnation, since: at(0), outlived: true } as const;

    expect(whySentences(facts({ seen }), plain)[0]).toBe(
      'shop:pay runs since 14:00:00, for 2 h. Its pid 4711 has outlived its session: nobody can see what it prints or type to it. /team restart shop:pay ends it and starts it anew.',
    );
  });

  test('is said of one that is kept down on purpose', () => {
    const sentences = whySentences(facts({ wanted: { state: 'down', by: 'ana', at: at(0) } }), plain);

    expect(sentences.slice(0, 2)).toEqual([
      'shop:pay is stopped.',
      'It is wanted down, by @ana since 14:00:00. It stays down until somebody asks for /team up shop:pay.',
    ]);
  });

  test('is said with everything that is on record', () => {
    const operation = reloaded([
      { id, at: at(10_520), kind: 'drained', result: timedOut },
      { id, at: at(12_000), kind: 'started' },
    ]);
    const sentences = whySentences(
      facts({
        seen: { state: 'stopped', restarting: false, gaveUp: 'started 5 times in 10 s' },
        wanted: { state: 'up', by: 'outside', at: at(minute) },
        lastOperation: operation,
        lastStop: { how: 'TimedOutKilled', at: at(10_520), operation: 'O-7k2m9x', result: timedOut },
        lastStopOperation: operation,
        lastDeath: {
          kind: 'died',
          id,
          at: at(hour),
          end: { kind: 'signalled', signal: 'KILL', at: at(hour) },
          livedMs: 5 * minute,
          restarts: false,
        },
        loop: { since: at(minute), deaths: 7 },
        mute: { id: 1, what: 'shop', by: 'bo', since: at(0), until: at(3 * hour) },
        budget: { budgetMs: 45_000, by: 'bo', at: at(0) },
        advice: adviseBudget([timedOut, timedOut, timedOut], 10_000),
        warnings: ['projects/shop.yaml: shop:pay has no role', 'something else'],
      }),
      plain,
    );

    expect(sentences).toEqual([
      'shop:pay is stopped, and its restart loop has given up: «started 5 times in 10 s».',
      'It is wanted up, since it was started outside Muster at 14:01:00. Nothing starts it unasked: /team up shop:pay does.',
      'The last operation on it was «/team reload shop» by @ana at 14:00:00 (O-7k2m9x): killed (TimedOutKilled: it did not stop within its 10 s budget), then started.',
      'It last ended unasked at 15:00:00: it was killed (SIGKILL) after 5 min, and nobody had asked Muster for it.',
      'At 14:00:10 it had to be killed (TimedOutKilled): it did not stop within its 10 s budget. Asked by @ana, receipt R-7k2m9x-2.',
      'It is in a crash loop: it died 7 times since 14:01:00.',
      'Alerts about it are muted by @bo until 17:00:00.',
      'It gets 45 s to stop, by @bo at 14:00:00, whatever the team’s files say.',
      'It had to be killed (TimedOutKilled) in each of its last 3 drains, with up to 10 s to stop: more time may not help. See whether it obeys Ctrl-C at all.',
      'Warning: «projects/shop.yaml: shop:pay has no role»',
    ]);
  });

  test('is not known where the back-end cannot be asked', () => {
    const [state] = whySentences(facts({ seen: { state: 'unknown', reason: 'tmux did not answer' } }), plain);

    expect(state).toBe('Whether shop:pay runs is unknown: «tmux did not answer».');
  });
});

describe('the advice in words', () => {
  const polite: DrainResult = { ...timedOut, outcome: 'Graceful', tookMs: 38_000, budgetMs: 60_000 };

  test('names the time that polite stops have taken', () => {
    const advice = adviseBudget([timedOut, timedOut, timedOut, timedOut, polite], 10_000);

    expect(adviceWords(advice, plain)).toBe(
      'It had to be killed (TimedOutKilled) in 4 of its last 5 drains; polite ones take up to 38 s: set drain_timeout_secs: 45.',
    );
  });

  test('says so where it is a guess', () => {
    const advice = adviseBudget([timedOut, { ...polite, tookMs: 4000 }, timedOut], 10_000);

    expect(adviceWords(advice, plain)).toBe(
      'It had to be killed (TimedOutKilled) in 2 of its last 3 drains, though polite ones take up to 4 s: try drain_timeout_secs: 20.',
    );
  });

  test('is silent where nothing is wrong', () => {
    expect(adviceWords(adviseBudget([polite, polite, polite], 60_000), plain)).toBeUndefined();
  });
});

describe('the history', () => {
  const lead: AgentId = 'shop:lead';
  const operation = reloaded([
    { id: lead, at: at(2300), kind: 'drained', result: { ...timedOut, outcome: 'Graceful', tookMs: 2300 } },
    { id, at: at(10_520), kind: 'drained', result: timedOut },
    { id: lead, at: at(11_000), kind: 'started' },
    { id, at: at(12_000), kind: 'failed', error: 'no such file' },
  ]);
  const death = { kind: 'died', id, at: at(hour), restarts: false } as const;

  test('has operations with people and verdicts, and what happened between them, newest first', () => {
    expect(historyOf([operation], [death], plain)).toEqual([
      { at: at(hour), sentence: 'shop:pay died; how is not known.', details: [] },
      {
        at: at(0),
        sentence:
          '«/team reload shop» (shop) by @ana: 1 drained politely, 1 had to be killed (TimedOutKilled), 1 started, 1 failed in 12 s (O-7k2m9x)',
        details: [
          'shop:lead: drained politely in 2.3 s, then started',
          'shop:pay: killed (TimedOutKilled: it did not stop within its 10 s budget), then failed: «no such file»; receipt R-7k2m9x-2',
        ],
      },
    ]);
  });

  test('as Markdown is a timeline, oldest first', () => {
    expect(historyMarkdown('shop', historyOf([operation], [death], plain), plain)).toBe(
      [
        '# shop',
        '',
        '- **14:00:00** «/team reload shop» (shop) by @ana: 1 drained politely, 1 had to be killed (TimedOutKilled), 1 started, 1 failed in 12 s (O-7k2m9x)',
        '  - shop:lead: drained politely in 2.3 s, then started',
        '  - shop:pay: killed (TimedOutKilled: it did not stop within its 10 s budget), then failed: «no such file»; receipt R-7k2m9x-2',
        '- **15:00:00** shop:pay died; how is not known.',
        '',
      ].join('\n'),
    );
    expect(historyMarkdown('shop', [], plain)).toBe('# shop\n\nNothing happened.\n');
  });

  test('says of an operation that was cancelled, and of one that had nothing to do, what it was', () => {
    const nothing = reloaded([], [step(id, 'keep')]);
    const cancelled = { ...reloaded([]), verdict: { at: at(0), cancelled: 'older than 60 s' } };
    const { verdict: _verdict, ...running } = reloaded([]);

    expect(historyOf([nothing, cancelled, running], [], plain).map(({ sentence }) => sentence)).toEqual([
      '«/team reload shop» (shop) by @ana: nothing to do (O-7k2m9x)',
      '«/team reload shop» (shop) by @ana: cancelled: «older than 60 s» (O-7k2m9x)',
      '«/team reload shop» (shop) by @ana: not over (O-7k2m9x)',
    ]);
  });
});
