import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Under such names people keep what nobody else may read. */
const secretName = /TOKEN|SECRET|KEY|PASS|CREDENTIAL|WEBHOOK|DSN/i;
/** A shorter value is a number, a word or a switch: taking it out everywhere would hide nothing and garble much. */
const shortestSecret = 8;

/** The values of an environment that its names call secret. */
export function secretsIn(env: Readonly<Record<string, string | undefined>>): readonly string[] {
  return Object.entries(env).flatMap(([name, value = '']) =>
    secretName.test(name) && value.length >= shortestSecret ? [value] : [],
  );
}

/** What must not be shown: some values, and all that the agents' env files have held since the first look: what an agent printed stays in its pane. */
export interface Secrets {
  /** The same list as long as nothing has changed. */
  values(): readonly string[];
  /** Never fails: what cannot be read adds nothing. `values` does the same by itself soon after a file was put in place. */
  lookAgain(): void;
}

/** How long a file may have been in place before it is known, in milliseconds: less than an agent needs to start, say something and be told of. */
const unknownForMs = 100;

export function createSecrets(root: string, fixed: readonly string[]): Secrets {
  const directory = join(root, 'state/envs');
  const known = new Set(fixed);
  let values: readonly string[] = [...known];
  let lookedAt = performance.now();
  let changedAt = changeOf(directory);

  function lookAgain(): void {
    for (const name of namesIn(directory)) {
      if (!name.endsWith('.env')) continue;
      for (const value of secretsIn(parsed(textOf(join(directory, name))))) known.add(value);
    }
    if (known.size !== values.length) values = [...known];
  }

  return {
    values() {
      if (performance.now() - lookedAt > unknownForMs) {
        lookedAt = performance.now();
        const now = changeOf(directory);
        if (now !== changedAt) lookAgain();
        changedAt = now;
      }
      return values;
    },
    lookAgain,
  };
}

/** When a name in it last came, went or became another file. */
function changeOf(directory: string): number | undefined {
  try {
    return statSync(directory).mtimeMs;
  } catch {
    return undefined;
  }
}

function namesIn(directory: string): readonly string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

/** `KEY=value` lines, as they are and without quotes around them. */
function parsed(text: string): Record<string, string> {
  const pairs = text.split('\n').flatMap((line) => {
    const [, name, value] = /^\s*(?:export\s+)?(\w+)=(.*?)\r?$/.exec(line) ?? [];
    return name === undefined || value === undefined ? [] : [[name, value.replace(/^(["'])(.*)\1$/, '$2')]];
  });
  return Object.fromEntries(pairs);
}
