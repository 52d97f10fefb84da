import type { AgentId } from '../../../domain/agent.ts';
import type { Alert, AlertedAgent, MuteOver } from '../../../domain/alert.ts';
import type { Death } from '../../../domain/state-change.ts';
import type { MessageContent } from '../../markup/blocks.ts';
import { historyCard } from '../history.ts';
import { muteCard, muteOverCard } from '../mute.ts';
import { watchAlertCard } from '../watch-alert.ts';
import { whyCard } from '../why.ts';
import type { SampleCards } from './sample-card.ts';
import { ago, now } from './sample-operations.ts';

const min = 60_000;

const exited = (code: number) => ({ kind: 'exited', code, at: now }) as const;

export const signalled = (signal: string) => ({ kind: 'signalled', signal, at: now }) as const;

export function death(id: AgentId, more: Partial<Death> = {}): Death {
  return { kind: 'died', id, at: now, end: exited(3), livedMs: 240 * min, restarts: false, ...more };
}

export function dead(id: AgentId, more: Partial<Death> = {}, rest: Partial<AlertedAgent> = {}): AlertedAgent {
  return { id, death: death(id, more), deaths: 1, firstDeathAt: now, ...rest };
}

function back(id: AgentId, by: 'loop' | 'Muster' | 'outside'): Pick<AlertedAgent, 'back'> {
  return { back: { kind: 'came-back', id, at: new Date(now.getTime() + 42_000), by } };
}

export function alert(agents: readonly AlertedAgent[], more: Partial<Alert> = {}): MessageContent {
  return watchAlertCard({
    alert: { id: 'A-7k2m9x', openedAt: ago(2000), changedAt: now, revision: 1, agents, host: [], ...more },
    hostName: 'build-1',
    backend: 'tmux',
  });
}

const looping = (deaths: number): Partial<AlertedAgent> => ({
  deaths,
  firstDeathAt: ago(4 * min),
  loop: { kind: 'crash-loop', id: 'blog:crashy', at: now, deaths: 5, withinMs: 4 * min, end: exited(3) },
});

const crowd = (number: number, rest: (id: AgentId) => Partial<AlertedAgent> = () => ({})) =>
  Array.from({ length: number }, (_, index) => {
    const id: AgentId = `${index % 2 === 0 ? 'shop' : 'blog'}:agent${index}`;
    return dead(id, { kind: 'stopped-outside', end: signalled('HUP') }, rest(id));
  });

const gone = { kind: 'server-gone', agents: 60 } as const;

export const mute = { id: 4, what: 'shop', by: 'U0ANA00000', since: ago(30 * min), until: now };

const over: MuteOver = {
  mute,
  at: now,
  kept: [
    { agent: 'shop:pay', kind: 'died', times: 3, firstAt: ago(20 * min), lastAt: ago(5 * min) },
    { agent: 'shop:cart', kind: 'killed', times: 1, firstAt: ago(9 * min), lastAt: ago(9 * min) },
  ],
};

/** Everything the watch says, in every state a person may meet it in. */
export function watchCards(): SampleCards {
  const unreadable = {
    kind: 'unreadable',
    at: ago(3 * min),
    agents: ['shop:pay', 'shop:cart'],
    reason: 'tmux did not answer within 5 s',
  } as const;
  const lost: readonly AlertedAgent[] = (['shop:lead', 'shop:pay'] as const).map((id) => ({
    id,
    deaths: 0,
    lostAtReboot: true,
  }));
  const rebooted = { kind: 'rebooted', at: now, agents: ['shop:lead', 'shop:pay'] } as const;
  return {
    'watch-died': alert([dead('shop:pay')]),
    'watch-died-restarting': alert([dead('shop:pay', { restarts: true, end: signalled('SEGV') })]),
    'watch-died-unclear': alert([
      { id: 'shop:pay', death: { kind: 'died', id: 'shop:pay', at: now, restarts: false }, deaths: 1 },
    ]),
    'watch-died-back': alert([dead('shop:pay', { restarts: true }, back('shop:pay', 'loop'))], {
      resolvedAt: now,
    }),
    'watch-died-started': alert([dead('shop:pay', {}, back('shop:pay', 'Muster'))], { resolvedAt: now }),
    'watch-died-down-on-purpose': alert([dead('shop:pay', {}, { downOnPurpose: now })], { resolvedAt: now }),
    'watch-died-next-to-operation': alert([dead('shop:pay')], {
      cause: {
        kind: 'operation',
        operation: { id: 'O-222222', askedBy: 'U0ANA00000', text: '/team reload blog' },
      },
    }),
    'watch-ended': alert([dead('shop:pay', { kind: 'ended', end: exited(0) })]),
    'watch-stopped-outside': alert([dead('shop:pay', { kind: 'stopped-outside', end: signalled('INT') })]),
    'watch-started-outside': alert(
      [
        {
          id: 'shop:pay',
          deaths: 0,
          startedOutside: {
            kind: 'started-outside',
            id: 'shop:pay',
            at: now,
            wantedDownBy: 'U0BO0000000',
            wantedDownSince: ago(26 * 60 * min),
          },
        },
      ],
      { resolvedAt: now },
    ),
    'watch-crash-loop': alert([dead('blog:crashy', { restarts: true, livedMs: 900 }, looping(5))]),
    'watch-crash-loop-goes-on': alert([dead('blog:crashy', { restarts: true }, looping(31))]),
    'watch-crash-loop-over': alert(
      [
        dead(
          'blog:crashy',
          {},
          {
            ...back('blog:crashy', 'loop'),
            loop: { kind: 'crash-loop-over', id: 'blog:crashy', at: now, deaths: 9, because: 'healthy' },
          },
        ),
      ],
      { resolvedAt: now },
    ),
    'watch-gave-up': alert([
      dead(
        'blog:crashy',
        {},
        {
          loop: {
            kind: 'gave-up',
            id: 'blog:crashy',
            at: now,
            reason: '10 starts within 5 min; /team up tries again',
          },
        },
      ),
    ]),
    'watch-three': alert([
      dead('shop:pay'),
      dead('shop:cart', { end: signalled('KILL'), restarts: true }),
      dead('blog:crashy', { restarts: true }, looping(5)),
    ]),
    'watch-three-same-end': alert([dead('shop:pay'), dead('shop:cart'), dead('shop:mail')], {
      cause: { kind: 'same-end', end: exited(3), agents: 3 },
    }),
    'watch-out-of-memory': alert([dead('shop:pay', { end: signalled('KILL') }), dead('shop:cart')], {
      cause: { kind: 'out-of-memory', kills: 2 },
    }),
    'watch-sixty': alert(crowd(60), { cause: gone }),
    'watch-sixty-midway': alert(
      crowd(60, (id) => (Number(id.replace(/\D/g, '')) < 12 ? back(id, 'Muster') : {})),
      {
        cause: gone,
      },
    ),
    'watch-sixty-back': alert(
      crowd(60, (id) => back(id, 'Muster')),
      { cause: gone, resolvedAt: now },
    ),
    'watch-rebooted': alert(lost, { host: [rebooted], cause: { kind: 'rebooted' } }),
    'watch-blind': alert([dead('shop:pay')], {
      host: [{ kind: 'blind', from: ago(7 * min), at: now }],
    }),
    'watch-blind-nothing': alert([], {
      host: [{ kind: 'blind', from: ago(7 * min), at: now }],
      resolvedAt: now,
    }),
    'watch-unreadable': alert([], { host: [unreadable] }),
    'watch-readable': alert([], {
      host: [unreadable, { kind: 'readable', at: now, agents: unreadable.agents }],
      resolvedAt: now,
    }),
    mute: muteCard({ ...mute, until: new Date(now.getTime() + 60 * min) }, now),
    'mute-over': muteOverCard(over),
    'mute-ended': muteOverCard({ mute: { ...mute, what: '*' }, at: now, endedBy: 'U0BO0000000', kept: [] }),
    why: whyCard({
      id: 'shop:pay',
      sentences: ['shop:pay is stopped.', 'It is wanted up: nobody has asked Muster to keep it down.'],
      hostName: 'build-1',
      asOf: now,
    }),
    'history-nothing': historyCard({
      name: 'shop',
      operations: [],
      deaths: [],
      advice: [],
      hostName: 'build-1',
      now,
    }),
    'history-deaths': historyCard({
      name: 'shop',
      operations: [],
      deaths: [death('shop:pay'), death('shop:cart', { kind: 'stopped-outside', end: signalled('INT') })],
      advice: [
        '*shop:pay*: It had to be killed (TimedOutKilled) in 4 of its last 5 drains; polite ones take up to 38 s: set drain_timeout_secs: 45.',
      ],
      hostName: 'build-1',
      now,
    }),
  };
}
