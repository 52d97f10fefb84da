import { randomInt } from 'node:crypto';
import type { AgentId } from './agent.ts';
import type { Plan } from './plan.ts';
import type { Selection } from './selection.ts';

/** Letters and digits that nobody mistakes for one another. */
const alphabet = '23456789abcdefghjkmnpqrstuvwxyz';

/** A short id that a person can read out: `O-7k2m9x` for an operation, `S-...` for a status, `A-...` for an alert. */
export function newId(kind: 'O' | 'S' | 'A' | 'Q' | 'R' | 'E'): string {
  const letters = Array.from({ length: 6 }, () => alphabet[randomInt(alphabet.length)]);
  return `${kind}-${letters.join('')}`;
}

/** Of the receipt for the one kill that an operation may have to do of an agent: `R-7k2m9x-2`. */
export function receiptId({ id, plan }: Pick<Operation, 'id' | 'plan'>, agent: AgentId): string {
  return `${id.replace('O-', 'R-')}-${plan.steps.findIndex((step) => step.id === agent) + 1}`;
}

export type Verb = 'up' | 'down' | 'drain' | 'restart' | 'reload';

/** What one person asked for, before anybody looked at the world. */
export interface Request {
  readonly verb: Verb;
  readonly selection: Selection;
  /** Overrides the team's drain budget, in milliseconds. */
  readonly budgetMs?: number;
  /** Reload only: replace running agents even if nothing changed. */
  readonly force: boolean;
  /** Slack's id of the person who asked. */
  readonly askedBy: string;
  /** Who agreed, where another one than the asker has to. */
  readonly confirmedBy?: string;
  /** The words they typed, for the record. */
  readonly text: string;
  /** When they asked, where that is known; absent: when it was begun. */
  readonly askedAt?: Date;
  /** The delivery from Slack that it came with. */
  readonly delivery?: string;
}

/** A request that got its plan and an id, and is about to run or running. */
export interface Operation {
  readonly id: string;
  readonly request: Request;
  readonly plan: Plan;
  readonly startedAt: Date;
}
