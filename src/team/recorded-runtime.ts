import { readFile } from 'node:fs/promises';
import type { AgentSpec } from './agent-spec.ts';

/** The spec with the runtime its env file names: for an agent known from the snapshot alone, which does not say. */
export async function withRecordedRuntime(spec: AgentSpec): Promise<AgentSpec> {
  const env = await readFile(spec.envFile, 'utf8').catch(() => '');
  const runtime = /^RUNTIME=(.+)$/m.exec(env)?.[1];
  return runtime === undefined ? spec : { ...spec, runtime };
}
