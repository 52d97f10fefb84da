import type { AgentId } from '../../domain/agent.ts';
import type { LoggedOperation } from '../../domain/operation-record.ts';
import type { Death } from '../../domain/state-change.ts';
import { type HistoryEntry, historyOf } from '../../language/history.ts';
import { type MessageContent, section, smallPrint } from '../markup/blocks.ts';
import { escaped } from '../markup/mrkdwn.ts';
import { slackWording } from '../markup/slack-phrases.ts';

export interface HistoryCard {
  /** What it is about, escaped. */
  readonly name: string;
  readonly operations: readonly LoggedOperation[];
  readonly deaths: readonly Death[];
  /** What drains say of budgets, one sentence an agent. */
  readonly advice: readonly string[];
  readonly hostName: string;
  readonly now: Date;
}

const mostEntries = 12;

const mostDetails = 4;

const mostAdvice = 5;

/** Recent operations with people and verdicts, and what happened by itself between them; newest first. */
export function historyCard({
  name,
  operations,
  deaths,
  advice,
  hostName,
  now,
}: HistoryCard): MessageContent {
  const wording = slackWording(now);
  const entries = historyOf(
    operations.map(withoutMarkup),
    deaths.map((death) => ({ ...death, id: bare(death.id) })),
    wording,
  );
  const shown = entries.slice(0, mostEntries);
  const first =
    shown.length === 0 ? `Nothing is on record of ${name}.` : `*What happened to ${name}*, newest first:`;
  const older = entries.length > shown.length ? [`${entries.length - shown.length} older not shown`] : [];
  return {
    text: [first, ...shown.slice(0, 1).map(({ sentence }) => sentence)].join(' '),
    blocks: [
      section(first),
      ...shown.map((entry) => section(lines(entry, wording.moment(entry.at)).join('\n'))),
      ...(advice.length > 0 ? [section(advice.slice(0, mostAdvice).join('\n'))] : []),
      smallPrint([escaped(hostName), 'only you see this', ...older].join(' · ')),
    ],
  };
}

function lines({ sentence, details }: HistoryEntry, at: string): readonly string[] {
  const more = details.length > mostDetails ? [`     and ${details.length - mostDetails} more agents`] : [];
  return [`${at}  ${sentence}`, ...details.slice(0, mostDetails).map((detail) => `     ${detail}`), ...more];
}

/** A snapshot may hold any name. */
function withoutMarkup(logged: LoggedOperation): LoggedOperation {
  const { operation, events } = logged;
  const { plan, request } = operation;
  const { selection } = request;
  return {
    ...logged,
    operation: {
      ...operation,
      request: {
        ...request,
        ...(selection.kind === 'agent' && { selection: { ...selection, id: bare(selection.id) } }),
        ...(selection.kind === 'project' && {
          selection: { ...selection, project: escaped(selection.project) },
        }),
      },
      plan: { ...plan, steps: plan.steps.map((step) => ({ ...step, id: bare(step.id) })) },
    },
    events: events.map((event) => ({ ...event, id: bare(event.id) })),
  };
}

function bare(id: AgentId): AgentId {
  return escaped(id, 150) as AgentId;
}
