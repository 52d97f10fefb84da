import type { AskReason, Difference } from '../../domain/confirmation.ts';
import type { Operation } from '../../domain/operation.ts';
import { activeSteps, type Plan, type Step } from '../../domain/plan.ts';
import type { Proposal } from '../../domain/proposal.ts';
import { count } from '../../language/duration.ts';
import {
  changeWords,
  consequence,
  fate,
  planSummary,
  seenWords,
  spoken,
  standing,
} from '../../language/plan.ts';
import { selectionName } from '../../language/selection.ts';
import { clean, columns, paint, type Style, sentence } from '../terminal/style.ts';

/** What is about to be done, before anything is touched. */
export function planLines(
  { request, plan, id }: Pick<Operation, 'request' | 'plan' | 'id'>,
  observed: Proposal['observed'],
  style: Style,
): readonly string[] {
  const { doing } = spoken[request.verb];
  const first = `${doing} ${selectionName(request.selection)}: ${planSummary(plan)}. Asked by ${request.askedBy}. ${id}`;
  return [...sentence(first, style), ...noteLines(plan, style), ...stepLines({ plan, observed }, style), ''];
}

/** What the same words without `--dry-run` would do. */
export function dryRunLines(proposal: Proposal, style: Style): readonly string[] {
  const { plan, request } = proposal;
  const { verb, selection } = request;
  const active = activeSteps(plan).length;
  return [
    ...sentence(`Dry run of ${verb} ${selectionName(selection)}: ${planSummary(plan)}.`, style),
    ...noteLines(plan, style),
    ...stepLines(proposal, style),
    active === 0
      ? 'Nothing was touched, and it would touch nothing.'
      : `Nothing was touched; it would touch ${count(active, 'agent')}.`,
  ];
}

export function nothingToDoLines({ request, plan, observed }: Proposal, style: Style): readonly string[] {
  const left = plan.steps.filter(({ action }) => action === 'leave');
  const words = standing(request, new Map(observed), left.length);
  return [
    ...sentence(`${selectionName(request.selection)}${words}`, style),
    ...columns(
      left.map(({ id, why }) => [id, `left alone: ${reasons(why)}`]),
      style,
    ),
  ];
}

/** What a person is asked, with everything that would be touched. */
export function questionLines(
  proposal: Proposal,
  reason: AskReason,
  host: string,
  style: Style,
): readonly string[] {
  const { plan, request } = proposal;
  const { verb, selection } = request;
  const asked = `${spoken[verb].noun} of ${selectionName(selection)} on ${host}?`;
  const words = `${paint(style, 'bold', asked)} ${consequence(reason, activeSteps(plan))}`;
  return [...sentence(words, style), ...noteLines(plan, style), ...stepLines(proposal, style)];
}

export function changedLines(changed: readonly Difference[], style: Style): readonly string[] {
  const named = changed.map(({ id, change }) => `${id} ${changeWords[change]}`).join(', ');
  return sentence(`Nothing was touched: since this was asked, ${named}.`, style);
}

/** For a program that reads a dry run. */
export function planJson({ request, plan }: Proposal): unknown {
  const { verb, selection } = request;
  return {
    verb,
    selection: selectionName(selection),
    ...(plan.note !== undefined && { note: plan.note }),
    touches: activeSteps(plan).length,
    steps: plan.steps.map(({ id, action, why, budgetMs, stop }) => ({
      agent: id,
      action,
      why,
      ...(stop !== undefined && { budgetMs }),
    })),
  };
}

function noteLines({ note }: Plan, style: Style): readonly string[] {
  return note === undefined ? [] : sentence(paint(style, 'yellow', clean(note)), style);
}

/** What is as it should be is only counted. */
function stepLines({ plan, observed }: Pick<Proposal, 'plan' | 'observed'>, style: Style): readonly string[] {
  const seen = new Map(observed);
  const shown = plan.steps.filter(({ action }) => action !== 'keep');
  return columns(
    shown.map((step) => [step.id, words(step)]),
    style,
  );

  function words(step: Step): string {
    if (step.action === 'leave') return `left alone: ${reasons(step.why)}`;
    if (step.action === 'adopt') return 'adopted: it runs already';
    const now = clean(seenWords(seen.get(step.id)), 200);
    return `${now}: ${clean(fate(step), 300)}`;
  }
}

function reasons(why: readonly string[]): string {
  return clean(why.join(', '), 300);
}
