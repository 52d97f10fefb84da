import type { Examined } from './facts.ts';

/** `broken`: Muster does not work, or not safely, until it is mended. `skipped`: something else has to be mended first. */
export type Finding =
  | { readonly severity: 'ok' | 'skipped'; readonly found: string }
  | { readonly severity: 'warn' | 'broken'; readonly found: string; readonly mend: string };

export type Severity = Finding['severity'];

/** One thing the doctor looks at. It only looks: nothing is written, posted or started. */
export interface Check {
  readonly name: string;
  run(examined: Examined): Promise<readonly Finding[]> | readonly Finding[];
}

export function ok(found: string): Finding {
  return { severity: 'ok', found };
}

export function skipped(found: string): Finding {
  return { severity: 'skipped', found };
}

export function warn(found: string, mend: string): Finding {
  return { severity: 'warn', found, mend };
}

export function broken(found: string, mend: string): Finding {
  return { severity: 'broken', found, mend };
}

/** For errors that say first what was found and then how to mend it. */
export function brokenAsSaid(message: string): Finding {
  const end = /[.!] (?=[A-Z])/.exec(message);
  if (end === null) return broken(message, 'See to that, and run the doctor again.');
  return broken(message.slice(0, end.index), message.slice(end.index + end[0].length));
}
