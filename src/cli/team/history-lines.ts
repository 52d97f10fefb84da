import type { AuditEntry } from '../../domain/audit.ts';
import { receiptId } from '../../domain/operation.ts';
import type { LoggedOperation, Past } from '../../domain/operation-record.ts';
import { activeSteps } from '../../domain/plan.ts';
import { forcedKills, progressBy } from '../../domain/progress.ts';
import { historyMarkdown, historyOf } from '../../language/history.ts';
import { outcomeOf } from '../../language/outcome.ts';
import { selectionName } from '../../language/selection.ts';
import { clean, dayAndTime, paint, type Style, sentence, zone } from '../terminal/style.ts';
import { markdownWording, terminalWording } from './terminal-phrases.ts';

type Happened = Pick<Past, 'operations' | 'deaths'>;

/** Newest first. */
export function historyLines({ operations, deaths }: Happened, style: Style): readonly string[] {
  const entries = historyOf(operations, deaths, terminalWording());
  if (entries.length === 0) return ['Nothing happened.'];
  return entries.flatMap(({ at, sentence: words, details }) => [
    ...sentence(`${paint(style, 'dim', dayAndTime(at))}  ${words}`, style, 4),
    ...details.flatMap((detail) => sentence(`    ${detail}`, style, 6)),
  ]);
}

/** A post-mortem's timeline. */
export function timeline({ operations, deaths }: Happened, about: string, hostName: string): string {
  const title = `${about} on ${hostName} (times are ${zone(new Date())})`;
  return historyMarkdown(title, historyOf(operations, deaths, markdownWording), markdownWording);
}

/** For a program that reads it; newest first, as the journal has it. */
export function historyJson({ operations, deaths }: Happened): unknown {
  return { operations: operations.map(operationJson), deaths };
}

function operationJson(logged: LoggedOperation): unknown {
  const { operation, events, verdict } = logged;
  const { id, request, plan, startedAt } = operation;
  const progress = progressBy(plan, events);
  const killed = new Set(forcedKills(progress).map(({ step }) => step.id));
  return {
    id,
    startedAt,
    verb: request.verb,
    selection: selectionName(request.selection),
    text: request.text,
    askedBy: request.askedBy,
    ...(request.confirmedBy !== undefined && { confirmedBy: request.confirmedBy }),
    ...(verdict && {
      finishedAt: verdict.at,
      ...(verdict.cancelled !== undefined && { cancelled: verdict.cancelled }),
      ...(verdict.error && { error: verdict.error }),
    }),
    agents: activeSteps(plan).map((step) => {
      const stop = progress.get(step.id)?.stop;
      return {
        agent: step.id,
        action: step.action,
        phase: progress.get(step.id)?.phase.kind,
        said: outcomeOf(logged, step.id, terminalWording()),
        ...(stop && { stop: { at: stop.at, ...stop.result, lastLines: undefined } }),
        ...(killed.has(step.id) && { receipt: receiptId(operation, step.id) }),
      };
    }),
  };
}

/** Oldest first. */
export function auditLines(entries: readonly AuditEntry[], style: Style): readonly string[] {
  if (entries.length === 0) return ['Nobody has asked for anything.'];
  return entries.flatMap(({ at, person, team, channel, text, decision, reason, operation, outcome }) => {
    const from = team === 'host' ? 'on the host' : `in ${clean(channel, 50)}`;
    const decided =
      decision === 'refused' ? `refused (${clean(reason ?? '', 100)})` : clean(outcome ?? 'no outcome', 300);
    const about = operation === undefined ? '' : ` (${operation})`;
    return sentence(
      `${dayAndTime(at)}  ${clean(person, 100)} ${from}: ${clean(text, 200)}${about}: ${decided}`,
      style,
      4,
    );
  });
}

/** One array, one attempt a line. */
export function auditJson(entries: readonly AuditEntry[]): string {
  return `[${entries.map((entry) => `\n${JSON.stringify(entry)}`).join(',')}\n]`;
}
