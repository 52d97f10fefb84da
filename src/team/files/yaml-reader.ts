import { isAlias, isMap, isScalar, isSeq, type Node, type Scalar } from 'yaml';
import { type Complaint, complaintAt, eitherOf, type Located, type Place, quoted } from './complaint.ts';
import type { YamlDocument } from './yaml-document.ts';

/** Stands for a value that could not be read and has been complained about. */
export const broken = Symbol('broken');

export type Broken = typeof broken;

/** Reads one value, complaining about everything in it that is wrong. */
export type Reader<T> = (at: Cursor) => T | Broken;

/** A place in a document where a value is expected. */
export interface Cursor {
  /** Absent: the key is not there at all. Never an alias. */
  readonly node: Node | undefined;
  readonly place: Place;
  readonly reading: Reading;
}

/** The state of reading one file. */
export interface Reading {
  readonly document: YamlDocument;
  readonly complaints: Complaint[];
  /** Counts what is read, aliases followed: a small file can stand for a very large one. */
  visits: number;
}

const MOST_VISITS = 100_000;

/** Reads a whole document; `complaints` gets errors and warnings alike. */
export function readDocument<T>(
  document: YamlDocument,
  read: Reader<T>,
  complaints: Complaint[],
): T | Broken {
  const reading: Reading = { document, complaints, visits: 0 };
  return read(cursorAt(reading, document.root, document.placeOf(document.root, '')));
}

/** The cursor for a node below another; `fallback` is the place of what it belongs to. */
export function cursorAt(reading: Reading, node: Node | undefined, fallback: Place): Cursor {
  const { document } = reading;
  const place = node?.range ? document.placeOf(node, fallback.path) : fallback;
  reading.visits++;
  if (reading.visits > MOST_VISITS) {
    if (reading.visits === MOST_VISITS + 1) {
      const found = `expanded by aliases to over ${MOST_VISITS} values`;
      reading.complaints.push(complaintAt(place, { found, expected: 'smaller' }));
    }
    return { node: undefined, place, reading };
  }
  if (!isAlias(node)) return { node, place, reading };
  const target = document.target(node);
  if (target === undefined) {
    complain(
      reading,
      place,
      `*${node.source}, which no anchor before it defines`,
      'a value or a known alias',
    );
  }
  return { node: target, place, reading };
}

/** Once too much was read nothing more is complained about: what follows was not looked at. */
export function complain(reading: Reading, place: Place, found: string, expected: string): Broken {
  if (reading.visits <= MOST_VISITS) reading.complaints.push(complaintAt(place, { found, expected }));
  return broken;
}

export function warn(reading: Reading, place: Place, found: string, expected: string): void {
  if (reading.visits > MOST_VISITS) return;
  reading.complaints.push(complaintAt(place, { found, expected }, 'warning'));
}

/** Text of any scalar: as written if it is plain (`0x10`, `yes`, `1.0`), else what the quotes hold. */
export const text: Reader<Located<string>> = (at) => {
  if (!isScalar(at.node)) return complain(at.reading, at.place, describe(at.node), 'text');
  return { value: textOf(at.node), place: at.place };
};

/** Any value, looked at no further. */
export const anything: Reader<Node> = (at) => at.node ?? complain(at.reading, at.place, 'missing', 'given');

/** Absent, null or broken: undefined. */
export function optional<T>(read: Reader<T>): Reader<T | undefined> {
  return (at) => {
    if (isNothing(at.node)) return undefined;
    const value = read(at);
    return value === broken ? undefined : value;
  };
}

/** Absent, null or broken: the default, which is placed where it would stand. */
export function withDefault<T>(read: Reader<Located<T>>, value: T): Reader<Located<T>> {
  return (at) => {
    const given = isNothing(at.node) ? broken : read(at);
    return given === broken ? { value, place: at.place } : given;
  };
}

/** Absent or null: empty. Items that cannot be read are left out. */
export function listOf<T>(read: Reader<T>): Reader<readonly T[]> {
  return ({ node, place, reading }) => {
    if (isNothing(node)) return [];
    if (!isSeq(node)) return complain(reading, place, describe(node), 'a list');
    const items: T[] = [];
    node.items.forEach((item, index) => {
      const at = { ...place, path: `${place.path}[${index}]` };
      const value = read(cursorAt(reading, item as Node, at));
      if (value !== broken) items.push(value);
    });
    return items;
  };
}

/** Neither a key nor a value: absent, or a plain null. A field that is left empty gets its default, as in teamctl. */
export function isNothing(node: Node | undefined): boolean {
  if (node === undefined) return true;
  return isScalar(node) && node.type === 'PLAIN' && node.tag === undefined && nulls.has(textOf(node));
}

const nulls: ReadonlySet<string> = new Set(['', '~', 'null', 'Null', 'NULL']);

export function textOf(scalar: Scalar): string {
  return scalar.type === 'PLAIN' ? (scalar.source ?? '') : String(scalar.value ?? '');
}

export function describe(node: Node | undefined): string {
  if (node === undefined) return 'missing';
  if (isMap(node)) return 'a map';
  if (isSeq(node)) return 'a list';
  return isNothing(node) ? 'empty' : quoted(isScalar(node) ? textOf(node) : String(node));
}

const BITS_32 = 2n ** 32n - 1n;

const BITS_64 = 2n ** 64n - 1n;

export const u32 = integerUpTo(BITS_32);

export const u64 = integerUpTo(BITS_64);

/** A plain whole number, also in hexadecimal, octal or binary; quotes make it text, which is refused. */
function integerUpTo(largest: bigint): Reader<Located<number>> {
  return plain('a whole number, 0 or more', (source) => {
    if (!/^\+?(0|[1-9][0-9]*|0x[0-9a-fA-F]+|0o[0-7]+|0b[01]+)$/.test(source)) return undefined;
    const value = BigInt(source.replace(/^\+/, ''));
    return value <= largest ? Number(value) : undefined;
  });
}

export const float: Reader<Located<number>> = plain('a number', (source) => {
  if (/^[+-]?\.(inf|Inf|INF)$/.test(source)) return source.startsWith('-') ? -Infinity : Infinity;
  if (/^\.(nan|NaN|NAN)$/.test(source)) return Number.NaN;
  return /^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?$/.test(source) ? Number(source) : undefined;
});

const booleans: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['True', true],
  ['TRUE', true],
  ['false', false],
  ['False', false],
  ['FALSE', false],
]);

export const boolean: Reader<Located<boolean>> = plain('true or false', (source) => booleans.get(source));

export function oneOf<const T extends string>(...values: readonly T[]): Reader<Located<T>> {
  return ({ node, place, reading }) => {
    const value = isScalar(node) ? values.find((known) => known === textOf(node)) : undefined;
    if (value === undefined) return complain(reading, place, describe(node), eitherOf(values));
    return { value, place };
  };
}

function plain<T>(expected: string, parse: (source: string) => T | undefined): Reader<Located<T>> {
  return ({ node, place, reading }) => {
    const value = isScalar(node) && node.type === 'PLAIN' ? parse(textOf(node)) : undefined;
    if (value !== undefined) return { value, place };
    const found = isScalar(node) && node.type !== 'PLAIN' ? `the text ${describe(node)}` : describe(node);
    return complain(reading, place, found, expected);
  };
}
