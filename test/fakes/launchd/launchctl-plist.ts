import type { PlistValue } from '../../../src/supervisor/launchd/job.ts';

/** Reads a property list as launchd would: with the five names and the numbers of XML, and a carriage return in the text for a line feed. */
export function parsePlist(text: string): PlistValue {
  const tokens = [...text.matchAll(/<(\/?[a-z]+)[^>]*?(\/?)>|([^<]+)/g)];
  const start = tokens.findIndex(([, tag]) => tag === 'plist');
  if (start < 0) throw new Error('no <plist>');
  let at = start + 1;
  return value();

  function value(): PlistValue {
    const [, tag, closed] = next();
    if (tag === 'true') return true;
    if (tag === 'false') return false;
    if (tag === 'string') return closed ? '' : textUntil('/string');
    if (tag === 'integer') return Number(textUntil('/integer'));
    if (tag === 'array') return closed ? [] : list();
    if (tag === 'dict') return closed ? {} : dictionary();
    throw new Error(`<${tag}> is no value`);
  }

  function list(): PlistValue[] {
    const values: PlistValue[] = [];
    while (peek() !== '/array') values.push(value());
    next();
    return values;
  }

  function dictionary(): Record<string, PlistValue> {
    const entries: [string, PlistValue][] = [];
    while (peek() !== '/dict') {
      if (next()[1] !== 'key') throw new Error('a dictionary holds keys');
      entries.push([textUntil('/key'), value()]);
    }
    next();
    return Object.fromEntries(entries);
  }

  function textUntil(end: string): string {
    let raw = '';
    while (tokens[at]?.[3] !== undefined) raw += tokens[at++]?.[3];
    if (tokens[at++]?.[1] !== end) throw new Error(`no <${end}>`);
    return decoded(raw);
  }

  function peek(): string | undefined {
    while (tokens[at]?.[3]?.trim() === '') at += 1;
    return tokens[at]?.[1];
  }

  function next(): RegExpExecArray {
    peek();
    const token = tokens[at++];
    if (!token) throw new Error('it ends too early');
    return token;
  }
}

const names: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function decoded(raw: string): string {
  return raw.replace(/\r\n?/g, '\n').replace(/&(?:#(\d+)|([a-z]+));/g, (_, number, name) => {
    const character = number ? String.fromCodePoint(Number(number)) : names[name];
    if (character === undefined) throw new Error(`&${name}; is nothing`);
    return character;
  });
}
