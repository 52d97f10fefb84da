import type { Examined } from './examined.ts';
import { broken, type Check, type Finding } from './finding.ts';

export interface CheckResult {
  readonly check: string;
  readonly findings: readonly Finding[];
}

/** Runs all of them side by side; one that fails itself is a finding, not the end of the others. */
export function runChecks(checks: readonly Check[], examined: Examined): Promise<readonly CheckResult[]> {
  return Promise.all(
    checks.map(async ({ name, run }) => {
      try {
        return { check: name, findings: await run(examined) };
      } catch (error) {
        const words = error instanceof Error ? error.message : String(error);
        const found = `this could not be looked at: ${words}`;
        return { check: name, findings: [broken(found, 'See to that, and run the doctor again.')] };
      }
    }),
  );
}

export function isBroken(results: readonly CheckResult[]): boolean {
  return results.some(({ findings }) => findings.some(({ severity }) => severity === 'broken'));
}
