import { expect } from 'vitest';
import type { AgentSpec } from '../../src/domain/agent.ts';
import type { OperationEvent } from '../../src/domain/operation-event.ts';
import type { Step } from '../../src/domain/plan.ts';
import { progressBy } from '../../src/domain/progress.ts';
import type { NotedAgent } from '../../src/domain/stop-record.ts';
import { createStepRunner } from '../../src/operations/run/step-runner.ts';
import type { TeamFiles } from '../../src/operations/run/team-files.ts';
import type { Supervisor } from '../../src/supervisor/supervisor.ts';

/** How one Muster follows the other on a back-end. */
export interface Succession {
  readonly supervisor: Supervisor;
  /** A supervisor as the next Muster has it; absent: the same one. */
  supervisorWith?(options: Record<string, never>): Supervisor;
  /** By a Muster that is killed once it has asked; gives what it had noted. Absent: it dies right after it has noted that. */
  drainThatDies?(agent: AgentSpec, budgetMs: number): Promise<NotedAgent>;
}

/** What a Muster had noted that died in the middle of a drain, as its journal keeps it. */
export async function noteOfDeadMuster(
  { supervisor, drainThatDies }: Succession,
  agent: AgentSpec,
  budgetMs: number,
): Promise<NotedAgent> {
  if (drainThatDies) return drainThatDies(agent, budgetMs);
  let text = '';
  const onNoted = (noted: NotedAgent) => {
    text = JSON.stringify(noted);
    throw new Error('Muster dies');
  };
  await expect(supervisor.drain(agent, { budgetMs, onNoted })).rejects.toThrow('Muster dies');
  return JSON.parse(text) as NotedAgent;
}

export interface DrainOfDeadMuster {
  readonly noted: NotedAgent;
  readonly budgetMs: number;
  /** How long ago the drain was ordered when the next Muster comes. */
  readonly agoMs: number;
}

/** What the next Muster puts on record about the agent. */
export async function settledByTheNext(
  { supervisor, supervisorWith }: Succession,
  agent: AgentSpec,
  { noted, budgetMs, agoMs }: DrainOfDeadMuster,
): Promise<readonly OperationEvent[]> {
  const { id } = agent;
  const step: Step = { id, action: 'drain', why: [], stop: agent, depth: 0, budgetMs };
  const at = new Date(Date.now() - agoMs);
  const earlier = progressBy({ steps: [step] }, [
    { kind: 'draining', id, at, budgetMs },
    { kind: 'noted', id, at, noted },
  ]);
  const events: OperationEvent[] = [];
  const record = (event: OperationEvent) => {
    events.push(event);
  };
  const runner = createStepRunner({
    host: { supervisor: supervisorWith?.({}) ?? supervisor },
    files: { check: async () => undefined } as Partial<TeamFiles> as TeamFiles,
    earlier,
    before: record,
    after: record,
  });
  await runner.stop(step);
  return events.filter(({ kind }) => kind !== 'examined');
}
