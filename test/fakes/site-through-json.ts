import { RefusedError } from '../../src/domain/refusal.ts';
import type { Site } from '../../src/site/site.ts';

/** The site as somebody far away has it: whatever goes in or comes out has been JSON in between. */
export function siteThroughJson(site: Site): Site {
  return new Proxy(site, {
    get(target, name) {
      const method = Reflect.get(target, name) as (...args: unknown[]) => unknown;
      return (...args: unknown[]) => {
        const answer = method.apply(target, throughJson(args));
        return name === 'follow' ? followed(answer as AsyncIterable<unknown>) : answered(answer);
      };
    },
  });
}

async function answered(answer: unknown): Promise<unknown> {
  try {
    return throughJson(await answer);
  } catch (error) {
    throw refused(error);
  }
}

async function* followed(news: AsyncIterable<unknown>): AsyncIterable<unknown> {
  try {
    for await (const each of news) yield throughJson(each);
  } catch (error) {
    throw refused(error);
  }
}

function refused(error: unknown): unknown {
  return error instanceof RefusedError ? new RefusedError(throughJson(error.refusal)) : error;
}

/** Throws for what would not survive it. */
export function throughJson<Value>(value: Value): Value {
  return decoded(JSON.parse(JSON.stringify({ value: encoded(value) })).value) as Value;
}

function encoded(value: unknown): unknown {
  if (value instanceof Date) return { $date: value.getTime() };
  if (Array.isArray(value)) return value.map(encoded);
  if (typeof value !== 'object' || value === null) return plain(value);
  const prototype = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype)
    throw new Error(`${prototype?.constructor?.name} does not survive JSON`);
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, encoded(each)]));
}

function plain(value: unknown): unknown {
  const survives =
    typeof value === 'number'
      ? Number.isFinite(value)
      : !['function', 'symbol', 'bigint'].includes(typeof value);
  if (!survives) throw new Error(`${String(value)} does not survive JSON`);
  return value;
}

function decoded(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(decoded);
  if ('$date' in value) return new Date(value.$date as number);
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, decoded(each)]));
}
