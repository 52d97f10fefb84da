import { randomInt } from 'node:crypto';

/** Letters and digits that nobody mistakes for one another. */
const alphabet = '23456789abcdefghjkmnpqrstuvwxyz';

/** A short id that a person can read out: `O-7k2m9x` for an operation, `S-...` for a status, `A-...` for an alert. */
export function newId(kind: 'O' | 'S' | 'A' | 'Q' | 'R' | 'E'): string {
  const letters = Array.from({ length: 6 }, () => alphabet[randomInt(alphabet.length)]);
  return `${kind}-${letters.join('')}`;
}
