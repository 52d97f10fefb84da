import { isScalar } from 'yaml';
import { eitherOf, type Located } from './complaint.ts';
import { complain, describe, type Reader, textOf } from './yaml-reader.ts';

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
