import { splitAgentId } from '../../domain/agent.ts';
import { type Alert, type AlertedAgent, isAgentResolved } from '../../domain/alert.ts';
import { alertedSentence, isLeftDown } from '../../language/alert.ts';
import { type MessageContent, section, smallPrint } from '../markup/blocks.ts';
import { escaped } from '../markup/mrkdwn.ts';
import { slackWording } from '../markup/slack-phrases.ts';
import { alertButtons } from './alert-buttons.ts';
import { alertVerdict } from './alert-verdict.ts';

export interface WatchAlert {
  readonly alert: Alert;
  readonly hostName: string;
  /** The name, as a team asks for it, of the back-end that all of its agents are on; absent if there are several. */
  readonly backend: string | undefined;
}

const mostSentences = 8;

const mostNames = 12;

const mostProjects = 12;

/** What happened by itself: the verdict of the whole, then each agent, what still needs somebody first, then what one can do. */
export function watchAlertCard({ alert, hostName, backend }: WatchAlert): MessageContent {
  const { id, agents, openedAt, changedAt, resolvedAt } = alert;
  const wording = slackWording(changedAt);
  const holder = holders[backend ?? ''] ?? 'what they ran in';
  const verdict = alertVerdict(alert, { hostName, holder, wording });
  const inOrder = [...agents].sort(
    (one, other) => Number(isAgentResolved(one)) - Number(isAgentResolved(other)),
  );
  const isAlone = agents.length === 1 && !alert.host.some(({ kind }) => kind === 'rebooted');
  const isCrowd =
    agents.length > mostSentences && alert.cause !== undefined && alert.cause.kind !== 'operation';
  const told = isAlone || isCrowd ? [] : inOrder.slice(0, mostSentences);
  const named = isAlone ? [] : inOrder.slice(told.length);
  const lines = [...told.map((agent) => `• ${alertedSentence(agent, wording)}`), ...byProject(named)];
  const print = [
    escaped(hostName),
    id,
    `since ${wording.moment(openedAt)}`,
    ...(resolvedAt === undefined ? [] : [`over since ${wording.moment(resolvedAt)}`]),
  ];
  const buttons = inOrder.map((agent) => ({ id: agent.id, isDown: isLeftDown(agent) }));
  return {
    text: verdict,
    blocks: [
      section(verdict),
      ...(lines.length > 0 ? [section(lines.join('\n'))] : []),
      ...alertButtons(buttons),
      smallPrint(print.join(' · ')),
    ],
  };
}

const holders: Readonly<Record<string, string>> = {
  tmux: 'the tmux server',
  systemd: "systemd's manager of their units",
  launchd: 'the launchd that ran them',
};

/** `• shop, 30: lead, pay, cart, ... and 18 more`; what one sentence says of all of them is not said of each. */
function byProject(agents: readonly AlertedAgent[]): readonly string[] {
  const names = new Map<string, string[]>();
  for (const { id } of agents) {
    const { project, agent } = splitAgentId(id);
    names.set(project, [...(names.get(project) ?? []), agent]);
  }
  const lines = [...names].slice(0, mostProjects).map(([project, own]) => {
    const first = own.slice(0, mostNames).map((name) => escaped(name, 64));
    const more = own.length > mostNames ? [`and ${own.length - mostNames} more`] : [];
    return `• *${escaped(project, 64)}*, ${own.length}: ${[...first, ...more].join(', ')}`;
  });
  return names.size > mostProjects ? [...lines, `• and ${names.size - mostProjects} more projects`] : lines;
}
