import type { AgentSpec } from './agent-spec.ts';
import { readRegular } from './bounded-read.ts';
import { longestEnvFile } from './secrets.ts';

/** The spec with the runtime its env file names: for an agent known from the snapshot alone, which does not say. Throws `UnreadableFileError`. */
export async function withRecordedRuntime(spec: AgentSpec): Promise<AgentSpec> {
  const read = await readRegular(spec.envFile, longestEnvFile, 'refused');
  const runtime = /^RUNTIME=(.+)$/m.exec(read?.bytes.toString('utf8') ?? '')?.[1];
  return runtime === undefined ? spec : { ...spec, runtime };
}
