import { isMap, isScalar, type Node } from 'yaml';
import { likelyTypoOf } from '../../language/likely-typo.ts';
import type { Located } from './complaint.ts';
import {
  type Broken,
  broken,
  type Cursor,
  complain,
  cursorAt,
  describe,
  isNothing,
  type Reader,
  textOf,
  warn,
} from './yaml-reader.ts';

export interface Entry<T> {
  readonly key: Located<string>;
  readonly value: T;
}

type Fields = Readonly<Record<string, Reader<unknown>>>;

type Struct<F extends Fields> = { readonly [K in keyof F]: Exclude<ReturnType<F[K]>, Broken> };

/**
 * A map with known keys. Unknown keys are accepted, likely typos with a warning; a known key given twice is an error.
 * Merge keys (`<<`) are unknown keys like any other.
 */
export function struct<F extends Fields>(fields: F): Reader<Struct<F>> {
  const known = Object.keys(fields);
  return (at) => {
    const entries = entriesOf(at);
    if (entries === broken) return broken;
    const given = new Map<string, { key: Located<string>; node: Node | undefined }>();
    for (const entry of entries) {
      const { value: name, place } = entry.key;
      const first = given.get(name);
      if (!known.includes(name)) {
        const meant = likelyTypoOf(name, known);
        if (meant !== undefined)
          warn(at.reading, place, 'no key that is read', `${meant}, if that was meant`);
      } else if (first !== undefined) {
        complain(at.reading, place, `given twice (first on line ${first.key.place.line})`, 'given once');
      } else {
        given.set(name, entry);
      }
    }
    return readFields(fields, given, at);
  };
}

/** Absent or null: empty. The last of several equal keys wins, as in teamctl, with a warning. Entries that cannot be read are left out. */
export function mapOf<T>(read: Reader<T>): Reader<readonly Entry<T>[]> {
  return (at) => {
    const entries = entriesOf(at);
    if (entries === broken) return broken;
    const last = new Map<string, Entry<T>>();
    for (const { key, node } of entries) {
      const value = read(cursorAt(at.reading, node, key.place));
      const earlier = last.get(key.value);
      if (earlier !== undefined) {
        const found = `given twice (first on line ${earlier.key.place.line}); only this one counts`;
        warn(at.reading, key.place, found, 'given once');
        last.delete(key.value);
      }
      if (value !== broken) last.set(key.value, { key, value });
    }
    return [...last.values()];
  };
}

function readFields<F extends Fields>(
  fields: F,
  given: ReadonlyMap<string, { key: Located<string>; node: Node | undefined }>,
  { place, reading }: Cursor,
): Struct<F> | Broken {
  let whole = true;
  const values: Record<string, unknown> = {};
  for (const [name, read] of Object.entries(fields)) {
    const found = given.get(name);
    const at = found?.key.place ?? { ...place, path: below(place.path, name) };
    values[name] = read(cursorAt(reading, found?.node, at));
    whole &&= values[name] !== broken;
  }
  return whole ? (values as Struct<F>) : broken;
}

function entriesOf({ node, place, reading }: Cursor) {
  if (isNothing(node)) return [];
  if (!isMap(node)) return complain(reading, place, describe(node), 'a map');
  const entries: { key: Located<string>; node: Node | undefined }[] = [];
  for (const pair of node.items) {
    const at = cursorAt(reading, (pair.key ?? undefined) as Node | undefined, place);
    if (!isScalar(at.node)) {
      complain(reading, at.place, `a map with ${describe(at.node)} for a key`, 'a map from text to values');
      continue;
    }
    const value = textOf(at.node);
    const key = { value, place: { ...at.place, path: below(place.path, value) } };
    entries.push({ key, node: (pair.value ?? undefined) as Node | undefined });
  }
  return entries;
}

function below(path: string, key: string): string {
  return path === '' ? key : `${path}.${key}`;
}
