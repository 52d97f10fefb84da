import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { readRegularSync, UnreadableFileError } from './bounded-read.ts';

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

/** In bytes; far above any real one. */
export const longestEnvFile = 256 * 1024;

/** In bytes, of all env files at one look: agents can write there, and nothing else is done meanwhile. */
const mostAtOnce = 8 * 1024 * 1024;

/** In characters, of all values: every message is searched for each of them. */
const mostKept = 8 * 1024 * 1024;

/** `onTrouble` gets a sentence, once, for each env file that cannot be read, and when there is more in them than is kept. */
export function createSecrets(
  root: string,
  fixed: readonly string[],
  onTrouble: (sentence: string) => void = () => undefined,
): Secrets {
  const directory = join(root, 'state/envs');
  const known = new Set(fixed);
  const told = new Set<string>();
  let kept = 0;
  let isFull = false;
  let values: readonly string[] = [...known];
  let lookedAt = performance.now();
  let changedAt = changeOf(directory);

  function lookAgain(): void {
    const troubles: string[] = [];
    let left = mostAtOnce;
    for (const name of namesIn(directory)) {
      if (!name.endsWith('.env')) continue;
      const text = textOf(join(directory, name), troubles);
      left -= text.length;
      if (left < 0) break;
      for (const value of secretsIn(parsed(text))) keep(value);
    }
    if (left < 0 || isFull) {
      troubles.push(
        `${directory} holds more than Muster keeps from being shown: remove what is no agent's env file`,
      );
    }
    if (known.size !== values.length) values = [...known];
    for (const trouble of troubles) if (!told.has(trouble)) onTrouble(trouble);
    told.clear();
    for (const trouble of troubles) told.add(trouble);
  }

  function keep(value: string): void {
    if (known.has(value)) return;
    if (kept + value.length > mostKept) {
      isFull = true;
      return;
    }
    kept += value.length;
    known.add(value);
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

function textOf(path: string, troubles: string[]): string {
  try {
    return readRegularSync(path, longestEnvFile)?.bytes.toString('utf8') ?? '';
  } catch (error) {
    if (!(error instanceof UnreadableFileError)) throw error;
    troubles.push(error.message);
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
