import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Under such names people keep what nobody else may read. */
const secretName = /TOKEN|SECRET|KEY|PASSWORD|CREDENTIAL/i;
/** A shorter value is a number, a word or a switch: taking it out everywhere would hide nothing and garble much. */
const shortestSecret = 8;

/** The values of an environment that its names call secret. */
export function secretsIn(env: Readonly<Record<string, string | undefined>>): readonly string[] {
  return Object.entries(env).flatMap(([name, value = '']) =>
    secretName.test(name) && value.length >= shortestSecret ? [value] : [],
  );
}

/** What must not be shown: some values, and those in the agents' env files as they were looked at last. */
export interface Secrets {
  /** The same list as long as nothing has changed. */
  values(): readonly string[];
  /** Never rejects: what cannot be read keeps its earlier values. */
  lookAgain(): Promise<void>;
}

export function createSecrets(root: string, fixed: readonly string[]): Secrets {
  const directory = join(root, 'state/envs');
  let inFiles: ReadonlyMap<string, readonly string[]> = new Map();
  let values = fixed;

  async function valuesIn(name: string): Promise<readonly [string, readonly string[]]> {
    const text = await readFile(join(directory, name), 'utf8').catch(() => undefined);
    return [name, text === undefined ? (inFiles.get(name) ?? []) : secretsIn(parsed(text))];
  }

  return {
    values: () => values,
    async lookAgain() {
      const names = await readdir(directory).catch(() => [...inFiles.keys()]);
      inFiles = new Map(await Promise.all(names.filter((name) => name.endsWith('.env')).map(valuesIn)));
      const now = [...new Set([...fixed, ...[...inFiles.values()].flat()])];
      if (now.length !== values.length || now.some((value, index) => value !== values[index])) values = now;
    },
  };
}

/** `KEY=value` lines, as they are and without quotes around them. */
function parsed(text: string): Record<string, string> {
  const pairs = text.split('\n').flatMap((line) => {
    const [, name, value] = /^\s*(?:export\s+)?(\w+)=(.*?)\r?$/.exec(line) ?? [];
    return name === undefined || value === undefined ? [] : [[name, value.replace(/^(["'])(.*)\1$/, '$2')]];
  });
  return Object.fromEntries(pairs);
}
