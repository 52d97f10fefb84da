import { randomBytes } from 'node:crypto';

/** Random names that are good once, for a while: socket tickets and trigger ids. */
export interface Tickets<T> {
  issue(holder: T): string;
  use(
    ticket: string,
  ): { readonly result: 'ok'; readonly holder: T } | { readonly result: 'unknown' | 'used' | 'expired' };
}

export function createTickets<T>(lifeMs: number): Tickets<T> {
  const issued = new Map<string, { holder: T; until: number; used: boolean }>();
  return {
    issue(holder) {
      const ticket = randomBytes(16).toString('hex');
      issued.set(ticket, { holder, until: Date.now() + lifeMs, used: false });
      return ticket;
    },
    use(ticket) {
      const found = issued.get(ticket);
      if (!found) return { result: 'unknown' };
      if (found.used) return { result: 'used' };
      if (Date.now() > found.until) return { result: 'expired' };
      found.used = true;
      return { result: 'ok', holder: found.holder };
    },
  };
}
