import { type Alert, type AlertedAgent, type Cause, isAgentResolved } from '../../domain/alert.ts';
import type { HostEdge } from '../../domain/state-change.ts';
import { alertedSentence, isLeftDown } from '../../language/alert.ts';
import { count } from '../../language/duration.ts';
import { endWords, type Wording } from '../../language/phrases.ts';
import { escaped, mention } from '../markup/mrkdwn.ts';

export interface Told {
  readonly hostName: string;
  /** What holds all agents of the back-end: `the tmux server`. */
  readonly holder: string;
  readonly wording: Wording;
}

/** What the whole of an alert comes to, in one line; the agent's own sentence where there is only one. */
export function alertVerdict(alert: Alert, told: Told): string {
  const { wording } = told;
  const blind = alert.host.find((edge) => edge.kind === 'blind');
  const rest = [rebootWords(alert, told) ?? agentsWords(alert, told), unreadableWords(alert.host, wording)];
  const words = rest.filter((each) => each !== undefined).join(' ');
  const icon = iconOf(alert);
  if (blind === undefined) return `${icon} ${words}`;
  const { from, at } = blind;
  const meanwhile = words === '' ? '. Nothing happened to the agents meanwhile.' : `; meanwhile: ${words}`;
  const away = wording.lasting(at.getTime() - from.getTime());
  return `${icon} Muster was away for ${away}, until ${wording.moment(at)}${meanwhile}`;
}

function iconOf({ agents, host, resolvedAt }: Alert): string {
  const isNews = agents.some(({ death, lostAtReboot }) => death === undefined && lostAtReboot !== true);
  if (resolvedAt !== undefined) return isNews ? ':information_source:' : ':white_check_mark:';
  if (agents.some(({ loop }) => loop?.kind === 'crash-loop')) return ':repeat:';
  if (agents.some((agent) => !isAgentResolved(agent))) return ':red_circle:';
  return host.some(({ kind }) => kind === 'unreadable') ? ':grey_question:' : ':information_source:';
}

function rebootWords({ agents, host }: Alert, { hostName }: Told): string | undefined {
  const reboot = host.find((edge) => edge.kind === 'rebooted');
  if (reboot === undefined) return undefined;
  const lost = agents.filter(({ lostAtReboot }) => lostAtReboot === true);
  const them = lost.length === 1 ? 'it' : 'them';
  return `*${escaped(hostName)} has started anew.* ${count(lost.length, 'agent')} that ran before ${lost.length === 1 ? 'does' : 'do'} not run any more; Muster starts none of ${them} unasked.${tally(agents)}`;
}

function agentsWords({ agents, cause }: Alert, { wording, holder }: Told): string | undefined {
  const [only, ...others] = agents;
  if (only === undefined) return undefined;
  const because = cause === undefined ? undefined : causeWords(cause, holder);
  if (others.length === 0) {
    const behind = because === undefined ? '' : ` ${introduction(cause).one}${because}.`;
    return `${alertedSentence(only, wording)}${behind}`;
  }
  const behind = because === undefined ? '' : `${introduction(cause).many}${because}`;
  return `*${together(agents, cause)}${behind}.*${tally(agents)}`;
}

/** An operation that was at work may have nothing to do with it. */
function introduction(cause: Cause | undefined): { readonly one: string; readonly many: string } {
  return cause?.kind === 'operation'
    ? { one: 'At the same time ', many: ' while ' }
    : { one: 'Probably behind it: ', many: ': ' };
}

/** Within so long of each other it is one and the same event to people. */
const atOnceMs = 10_000;

function together(agents: readonly AlertedAgent[], cause: Cause | undefined): string {
  const all = count(agents.length, 'agent');
  const kinds = new Map<string, number>();
  for (const agent of agents) kinds.set(kindOf(agent), (kinds.get(kindOf(agent)) ?? 0) + 1);
  const [kind, ...more] = kinds.keys();
  const times = agents.flatMap(({ firstDeathAt }) => (firstDeathAt ? [firstDeathAt.getTime()] : []));
  const atOnce =
    times.length === agents.length && Math.max(...times) - Math.min(...times) <= atOnceMs ? ' at once' : '';
  if (cause?.kind === 'server-gone' || cause?.kind === 'out-of-memory') return `${all} died${atOnce}`;
  if (more.length === 0) return `${all} ${kind}${atOnce}`;
  const parts = [...kinds].map(([each, number]) => `${number} ${each}`);
  return `${all} are in trouble: ${parts.join(', ')}`;
}

function kindOf({ loop, death, lostAtReboot }: AlertedAgent): string {
  if (loop?.kind === 'crash-loop') return 'went into a crash loop';
  if (loop?.kind === 'gave-up') return 'given up by the restart loop';
  if (death?.kind === 'stopped-outside') return 'stopped outside Muster';
  if (death?.kind === 'ended') return 'ended by themselves';
  if (death !== undefined) return 'died';
  return lostAtReboot === true ? 'gone with the reboot' : 'started outside Muster';
}

/** How many of them still need somebody. */
function tally(agents: readonly AlertedAgent[]): string {
  if (agents.length < 2) return '';
  const again = agents.filter(({ back }) => back !== undefined).length;
  const onPurpose = agents.filter(({ downOnPurpose }) => downOnPurpose !== undefined).length;
  const down = agents.filter(isLeftDown).length;
  const restarting = agents.filter(
    (agent) => !isAgentResolved(agent) && agent.back === undefined && !isLeftDown(agent),
  ).length;
  const parts = [
    ...(again > 0 ? [again === agents.length ? 'all run again' : `${again} run again`] : []),
    ...(onPurpose > 0 ? [`${onPurpose} down on purpose`] : []),
    ...(down > 0 ? [down === agents.length ? 'all are down' : `${down} down`] : []),
    ...(restarting > 0 ? [`${restarting} restarting`] : []),
  ];
  return parts.length === 0 ? '' : ` Now: ${parts.join(', ')}.`;
}

function causeWords(cause: Cause, holder: string): string {
  switch (cause.kind) {
    case 'server-gone':
      return `likely ${holder} is gone, or somebody stopped them all on the host`;
    case 'out-of-memory':
      return `the host ran out of memory, and the kernel killed ${count(cause.kills, 'program')}`;
    case 'rebooted':
      return 'the host has started anew';
    case 'same-end':
      return `all ${endWords(cause.end)}`;
    case 'operation': {
      const { id, askedBy, text } = cause.operation;
      return `${escaped(text, 150)} by ${mention(askedBy)} was at work (${id})`;
    }
  }
}

function unreadableWords(host: readonly HostEdge[], { moment, quoted }: Wording): string | undefined {
  const unreadable = host.findLast((edge) => edge.kind === 'unreadable');
  if (unreadable === undefined) return undefined;
  const { at, agents, reason } = unreadable;
  const whom = agents.length === 1 ? `*${escaped(agents[0] ?? '')}*` : `*${count(agents.length, 'agent')}*`;
  const again = host.findLast((edge) => edge.kind === 'readable');
  if (again !== undefined && again.at.getTime() >= at.getTime()) {
    return `The state of ${whom} was unknown from ${moment(at)} to ${moment(again.at)}: ${quoted(reason)}. It can be read again.`;
  }
  return `The state of ${whom} is unknown since ${moment(at)}: ${quoted(reason)}. Muster keeps looking, and says here when it can be read again.`;
}
