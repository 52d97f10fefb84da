import { randomInt } from 'node:crypto';
import type { AgentId } from '../team/team.ts';
import type { Operation } from './operation.ts';

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
