import { createRedact, redactDeep } from '../../log/redact.ts';
import { isSecret, settingNames } from '../../settings.ts';
import { backend } from './checks/backend.ts';
import { channels } from './checks/channels.ts';
import { clock, disk } from './checks/disk-and-clock.ts';
import { envFile } from './checks/env-file.ts';
import { journal } from './checks/journal.ts';
import { lingering } from './checks/lingering.ts';
import { manifest } from './checks/manifest.ts';
import { people } from './checks/people.ts';
import { settings } from './checks/settings.ts';
import { team } from './checks/team.ts';
import { appToken, botToken } from './checks/tokens.ts';
import { users } from './checks/users.ts';
import { type Examined, examine } from './facts.ts';
import { broken, type Check, type Finding } from './finding.ts';

/** Everything the doctor looks at, in the order of the report. A new one: its file in `checks/`, and its line here. */
export const checks: readonly Check[] = [
  settings,
  envFile,
  botToken,
  appToken,
  manifest,
  channels,
  people,
  team,
  backend,
  users,
  lingering,
  journal,
  disk,
  clock,
];

export interface Diagnosis {
  readonly examined: Examined;
  readonly results: readonly CheckResult[];
}

/** Everything that was found, with no token in it. */
export async function diagnose(
  inherited: Readonly<Record<string, string | undefined>>,
  directory: string,
): Promise<Diagnosis> {
  const examined = examine(inherited, directory);
  const redact = createRedact(settingNames.filter(isSecret).map((name) => examined.env[name]?.trim() ?? ''));
  return { examined, results: redactDeep(await runChecks(checks, examined), redact) };
}

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
