import type { Clock } from './clock.ts';
import type { SentSignal } from './supervisor.ts';

/** What a stop does, as it does it. */
export interface StopLog {
  readonly signals: readonly SentSignal[];
  /** What went wrong without changing the outcome. */
  readonly complaints: readonly string[];
  sent(signal: string, processes: number, atMs?: number): void;
  hasSent(signal: string): boolean;
  complain(error: Error | string): void;
  /** Milliseconds since the stop was ordered. */
  elapsed(): number;
}

export function createStopLog(clock: Clock): StopLog {
  const startedAt = clock.now();
  const elapsed = () => Math.round(clock.now() - startedAt);
  const signals: SentSignal[] = [];
  const complaints: string[] = [];
  return {
    signals,
    complaints,
    sent: (signal, processes, atMs = elapsed()) => signals.push({ signal, atMs, processes }),
    hasSent: (name) => signals.some(({ signal }) => signal === name),
    complain: (error) => complaints.push(typeof error === 'string' ? error : error.message),
    elapsed,
  };
}
