import { type AlertedAgent, isAgentResolved } from '../domain/alert.ts';
import { count } from './duration.ts';
import { deathWords, endWords, type Wording } from './phrases.ts';

/** What happened to one agent, and how it is with it now. */
export function alertedSentence(agent: AlertedAgent, wording: Wording): string {
  return [`${wording.name(agent.id)} ${happened(agent, wording)}.`, ...nowWords(agent, wording)].join(' ');
}

/** Down, and neither its loop nor anything else is about to start it. */
export function isLeftDown(agent: AlertedAgent): boolean {
  const { loop, death, back } = agent;
  if (isAgentResolved(agent) || back !== undefined) return false;
  return loop?.kind === 'gave-up' || death?.restarts !== true;
}

function happened(
  { death, deaths, firstDeathAt, loop, lostAtReboot, ...agent }: AlertedAgent,
  wording: Wording,
) {
  const { lasting, moment, person, quoted } = wording;
  if (loop?.kind === 'crash-loop') {
    const last = loop.end === undefined ? '' : `, the last ${endWords(loop.end)}`;
    const since = deaths > loop.deaths && firstDeathAt ? `; ${deaths} since ${moment(firstDeathAt)}` : '';
    return `is in a crash loop: ${count(loop.deaths, 'death')} in ${lasting(loop.withinMs)}${last}${since}`;
  }
  if (loop?.kind === 'gave-up') return `is down, and its restart loop has given up: ${quoted(loop.reason)}`;
  if (loop?.kind === 'crash-loop-over') return `was in a crash loop: ${count(loop.deaths, 'death')}`;
  if (death !== undefined) {
    const often =
      deaths > 1 && firstDeathAt ? `, the last of ${deaths} times since ${moment(firstDeathAt)}` : '';
    return `${deathWords(death, wording)}${often}`;
  }
  if (lostAtReboot) return 'ran before the host started anew, and does not now';
  const { startedOutside } = agent;
  if (startedOutside === undefined) return 'is as it should be';
  const { at, wantedDownBy, wantedDownSince } = startedOutside;
  return `was started outside Muster at ${moment(at)}, though ${person(wantedDownBy)} had wanted it down since ${moment(wantedDownSince)}; it is wanted up from now on`;
}

const starters = {
  loop: 'its loop has started it again',
  Muster: 'it was started through Muster',
  outside: 'it was started on the host',
} as const;

function nowWords(agent: AlertedAgent, { moment, quoted }: Wording): readonly string[] {
  const { loop, death, back, downOnPurpose, lostAtReboot } = agent;
  if (loop?.kind === 'crash-loop-over') {
    const why = loop.because === 'healthy' ? 'it has kept running since' : 'it is down on purpose now';
    return [`That is over since ${moment(loop.at)}: ${why}.`];
  }
  if (downOnPurpose !== undefined) return [`It is down on purpose since ${moment(downOnPurpose)}.`];
  if (loop?.kind === 'gave-up') return [];
  if (loop?.kind === 'crash-loop') {
    return death?.restarts === false && back === undefined
      ? ['Nothing restarts it now.']
      : [`Its loop starts it again and again; \`/team drain ${quoted(agent.id)}\` ends that.`];
  }
  if (back !== undefined) return [`It runs again since ${moment(back.at)}: ${starters[back.by]}.`];
  if (death === undefined && lostAtReboot !== true) return [];
  return [death?.restarts === true ? 'Its loop starts it again.' : 'Nothing restarts it.'];
}
