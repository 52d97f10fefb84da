import { createKnownValues, type Span } from './known-values.ts';

/** Replaces secrets in a text that is about to be posted or logged. */
export type Redact = (text: string) => string;

/** Shapes of credentials that are recognisable without knowing the value. None looks at a character more than a few times. */
const shapes = [
  /\bxox[a-z](?:\.xox[a-z])?-[\w-]{8,}/g,
  /\bxapp-[\w-]{8,}/g,
  /\bhttps:\/\/hooks\.slack\.com\/\S+/g,
  /\bwss?:\/\/(?:(?!wss?:\/\/)[^\s"'])*ticket=[^\s"']+/g,
  /\bsk-[A-Za-z0-9_-]{16,}/g,
  /\b[sr]k_(?:live|test)_[A-Za-z0-9]{16,}/g,
  /\bgh[pousr]_[A-Za-z0-9]{20,}/g,
  /\bgithub_pat_\w{20,}/g,
  /\bglpat-[\w-]{20,}/g,
  /\bnpm_[A-Za-z0-9]{30,}/g,
  /\bhf_[A-Za-z0-9]{30,}/g,
  /\bAKIA[0-9A-Z]{16}\b/g,
  /\bAIza[\w-]{30,}/g,
  /\beyJ(?:(?!-eyJ)[\w-]){10,}\.[\w-]{10,}\.[\w-]{5,}/g,
  /(?<=\bBearer\s{1,4})(?=[\w.~+/-]*\d)[\w.~+/-]{16,}=*/gi,
  /(?<=\b[a-z][a-z0-9+.-]*:\/\/[^\s:/@]*:)[^\s/@]{3,}(?=@)/gi,
  /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g,
];

const replacement = '[redacted]';

/** What nobody sees: `escaped` sets U+2060 around `_` and other marks, of which keys are full, and some screens set variation selectors. */
const unseen =
  /(?:[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]|[\ufe00-\ufe0f]|[\u{e0100}-\u{e01ef}])+/gu;

const breaks = /[\n\r\u2028\u2029]+/g;

/** `secrets`: the known values, asked for each time where they may change; the same list as before costs nothing. */
export function createRedact(secrets: readonly string[] | (() => readonly string[])): Redact {
  const listed = typeof secrets === 'function' ? secrets : () => secrets;
  let known: readonly string[] | undefined;
  let find = createKnownValues([]);
  return (text) => {
    const values = listed();
    if (values !== known) find = createKnownValues(values.map(onOneLine).flatMap(spellings));
    known = values;
    const seen = without(text, unseen);
    const line = without(seen.text, breaks);
    const spans = [
      ...find(line.text).map(line.placed).map(seen.placed),
      ...shapes.flatMap((shape) => matches(seen.text, shape)).map(seen.placed),
    ];
    return replaced(text, spans);
  };
}

/** As it is, as it stands in JSON and in a URL, and as each of these stands in escaped mrkdwn. */
function spellings(secret: string): readonly string[] {
  if (/^[\w.~-]*$/.test(secret)) return [secret];
  const written = [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret.toWellFormed())];
  return written.flatMap((each) => [
    each,
    each.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;'),
  ]);
}

function onOneLine(secret: string): string {
  return without(without(secret, unseen).text, breaks).text;
}

interface Rest {
  readonly text: string;
  /** Where a part of the rest stands in the text it was taken from. */
  placed(span: Span): Span;
}

/** The text without these runs of characters. */
function without(text: string, runs: RegExp): Rest {
  if (text.search(runs) < 0) return { text, placed: (span) => span };
  const gaps = matches(text, runs);
  const places = new Uint32Array(text.length);
  const kept: string[] = [];
  let from = 0;
  let length = 0;
  for (const gap of [...gaps, { from: text.length, to: text.length }]) {
    kept.push(text.slice(from, gap.from));
    for (let at = from; at < gap.from; at++) places[length++] = at;
    from = gap.to;
  }
  const placeOf = (index: number) => places[index] ?? text.length;
  return {
    text: kept.join(''),
    placed: (span) => ({ from: placeOf(span.from), to: placeOf(span.to - 1) + 1 }),
  };
}

function matches(text: string, pattern: RegExp): readonly Span[] {
  return Array.from(text.matchAll(pattern), ({ 0: match, index }) => ({
    from: index,
    to: index + match.length,
  }));
}

/** Spans that overlap are replaced as one. */
function replaced(text: string, spans: readonly Span[]): string {
  let clean = '';
  let end = 0;
  for (const { from, to } of spans.toSorted((one, other) => one.from - other.from)) {
    if (from >= end) clean += text.slice(end, from) + replacement;
    end = Math.max(end, to);
  }
  return clean + text.slice(end);
}

/** What says how a payload is built: a secret that is the word `danger` must not make it another. */
const structural = new Set(['type', 'style', 'action_id', 'task_id', 'status', 'response_type']);

/** The same for every text inside a value that is about to be sent as JSON. */
export function redactDeep<Value>(value: Value, redact: Redact): Value {
  if (typeof value === 'string') return redact(value) as Value;
  if (Array.isArray(value)) return value.map((item) => redactDeep(item, redact)) as Value;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, structural.has(key) ? item : redactDeep(item, redact)]),
  ) as Value;
}
