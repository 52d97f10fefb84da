import { isSecret, settingNames } from '../settings.ts';
import { createRedact, redactDeep } from '../slack/redact.ts';
import { checks } from './checks.ts';
import { type CheckResult, runChecks } from './examination.ts';
import { type Examined, examine } from './examined.ts';

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
