import type { AgentId } from '../../../domain/agent.ts';
import type { AskReason } from '../../../domain/confirmation.ts';
import type { Observation } from '../../../domain/observation.ts';
import type { Operation } from '../../../domain/operation.ts';
import { changedSentence, questionCard } from '../confirmation.ts';
import { dryRunCard } from '../dry-run.ts';
import { nothingToDoCard } from '../nothing-to-do.ts';
import type { SampleCards } from './sample-card.ts';
import {
  down,
  drain,
  hostName,
  operation,
  question,
  reload,
  running,
  step,
  up,
} from './sample-operations.ts';

const observed = new Map<AgentId, Observation>([
  ['shop:pay', running(12 * 60_000)],
  ['shop:cart', { state: 'stopped', restarting: true }],
  ['shop:lead', running(4 * 3_600_000)],
  ['shop:search', { state: 'unknown', reason: 'tmux did not answer within 5 s' }],
]);

const ask = (of: Operation, reason: AskReason, again?: string) =>
  questionCard({
    question: question(of, reason),
    observed,
    hostName,
    rule: 'requester',
    ...(again !== undefined && { again }),
  });

/** What is answered in place of an operation: a question, a plan, nothing to do. */
export function questionCards(): SampleCards {
  return {
    'dry-run': dryRunCard(reload.request, reload.plan),
    'dry-run-nothing': dryRunCard(reload.request, {
      steps: [step('shop:lead', 'keep')],
    }),
    'nothing-to-do-drain': nothingToDoCard(drain.request, drain.plan, observed),
    'nothing-to-do-reload': nothingToDoCard(reload.request, { steps: [step('shop:lead', 'keep')] }, observed),
    'nothing-to-do-left-alone': nothingToDoCard(
      reload.request,
      { steps: [step('shop:mail', 'leave', ['unknown: cannot be asked'])] },
      observed,
    ),
    'nothing-to-do-up': nothingToDoCard(
      up.request,
      { steps: [step('shop:lead', 'keep', ['running'])] },
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
  };
}
