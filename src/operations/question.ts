import { createHash, randomBytes } from 'node:crypto';
import type { Observation } from '../supervisor/supervisor.ts';
import type { AgentId } from '../team/team.ts';
import type { Request } from './operation.ts';
import { activeSteps, type Plan, type Step } from './plan.ts';

/** Why a person is asked before a plan is carried out; undefined: it may run. */
export type AskReason = 'hard-down' | 'zero-budget' | 'force' | 'several-projects';

export function askReason({ verb, force }: Request, plan: Plan): AskReason | undefined {
  const active = activeSteps(plan);
  if (active.length === 0) return undefined;
  if (verb === 'down') return 'hard-down';
  if (active.some(({ action, stop, budgetMs }) => action !== 'up' && stop !== undefined && budgetMs === 0))
    return 'zero-budget';
  if (force) return 'force';
  if (new Set(active.map(({ id }) => id.slice(0, id.indexOf(':')))).size > 1) return 'several-projects';
  return undefined;
}

/** What a question showed: the plan, and each agent's state and life. No ages, no output, no back-end's words: they always change. */
export interface Shown {
  readonly agents: ReadonlyMap<AgentId, string>;
  readonly digest: string;
}

export function shownBy(plan: Plan, observed: ReadonlyMap<AgentId, Observation>): Shown {
  const agents = new Map(
    plan.steps
      .map((step) => [step.id, `${fate(step)} ${stateAndLife(observed.get(step.id))}`] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
  const digest = createHash('sha256')
    .update(JSON.stringify([...agents]))
    .digest('hex');
  return { agents, digest };
}

/** The agents that are not what they were when the question was shown. */
export function differences(before: Shown, now: Shown): readonly AgentId[] {
  const ids = new Set([...before.agents.keys(), ...now.agents.keys()]);
  return [...ids].filter((id) => before.agents.get(id) !== now.agents.get(id)).sort();
}

function fate({ action, why, budgetMs }: Step): string {
  const reasons = why.filter((reason) => !reason.startsWith('unknown: '));
  return JSON.stringify([action, budgetMs, reasons]);
}

function stateAndLife(seen: Observation | undefined): string {
  if (seen === undefined) return 'unseen';
  if (seen.state === 'running') {
    const { pid, startTime, bootId } = seen.incarnation;
    return `running ${pid} ${startTime} ${bootId}`;
  }
  return seen.state === 'stopped' && seen.restarting ? 'restarting' : seen.state;
}

/** A question that waits for its button. */
export interface Question {
  readonly id: string;
  readonly request: Request;
  readonly reason: AskReason;
  readonly plan: Plan;
  readonly shown: Shown;
  readonly expiresAt: Date;
}

export type Answer =
  | { readonly kind: 'accepted'; readonly question: Question }
  | { readonly kind: 'not-yours'; readonly question: Question }
  | { readonly kind: 'too-late' };

/** Open questions. Each is for one person, for two minutes, and for one answer. */
export interface Questions {
  ask(question: Pick<Question, 'request' | 'reason' | 'plan' | 'shown'>): Question;
  /** Calls back once, if nobody has answered when its time is over. */
  whenExpired(id: string, expired: () => void): void;
  /** An accepted question is gone: a second click finds nothing. */
  answer(id: string, person: string): Answer;
}

export const questionLastsMs = 2 * 60_000;

export function createQuestions(now: () => number = Date.now): Questions {
  const open = new Map<string, Question>();
  return {
    ask(asked) {
      const question = {
        ...asked,
        id: `q-${randomBytes(12).toString('hex')}`,
        expiresAt: new Date(now() + questionLastsMs),
      };
      for (const [id, { expiresAt }] of open) if (expiresAt.getTime() < now()) open.delete(id);
      open.set(question.id, question);
      return question;
    },
    whenExpired(id, expired) {
      const question = open.get(id);
      if (question === undefined) return;
      const timer = setTimeout(() => {
        if (open.delete(id)) expired();
      }, question.expiresAt.getTime() - now());
      timer.unref();
    },
    answer(id, person) {
      const question = open.get(id);
      if (question === undefined || question.expiresAt.getTime() <= now()) return { kind: 'too-late' };
      if (question.request.askedBy !== person) return { kind: 'not-yours', question };
      open.delete(id);
      return { kind: 'accepted', question };
    },
  };
}
