/** Replaces secrets in a text that is about to be posted or logged. */
export type Redact = (text: string) => string;

/** Shapes of credentials that are recognisable without knowing the value. */
const shapes = [
  /\bxox[a-z](?:\.xox[a-z])?-[\w-]{8,}/g,
  /\bxapp-[\w-]{8,}/g,
  /\bhttps:\/\/hooks\.slack\.com\/\S+/g,
  /\bwss?:\/\/[^\s"']*ticket=[^\s"']+/g,
  /\bsk-[A-Za-z0-9_-]{16,}/g,
  /\bgh[pousr]_[A-Za-z0-9]{20,}/g,
  /\bgithub_pat_\w{20,}/g,
  /\bAKIA[0-9A-Z]{16}\b/g,
  /\bAIza[\w-]{30,}/g,
  /\beyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]{5,}/g,
  /(?<=\b[a-z][a-z0-9+.-]*:\/\/[^\s:/@]*:)[^\s/@]{3,}(?=@)/gi,
  /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g,
];

const replacement = '[redacted]';

/** `escaped` sets it around `_` and other marks, of which keys are full. */
const escapeMark = '\u2060';

/** Short values are left alone: replacing every `1` in a text hides nothing and garbles everything. */
const shortestSecret = 6;
/** What is left of a value that was cut short (`…`) and still says too much. */
const shortestCut = 8;

/** `secrets`: the known values, asked for each time where they may change; the same list as before costs nothing. */
export function createRedact(secrets: readonly string[] | (() => readonly string[])): Redact {
  const listed = typeof secrets === 'function' ? secrets : () => secrets;
  let known: readonly string[] | undefined;
  let patterns: readonly RegExp[] = [];
  return (text) => {
    const values = listed();
    if (values !== known) patterns = patternsFor(values);
    known = values;
    const marked = text.includes(escapeMark);
    return patterns.reduce(
      (clean, pattern) => (marked ? replaceMarked(clean, pattern) : clean.replace(pattern, replacement)),
      text,
    );
  };
}

function patternsFor(secrets: readonly string[]): readonly RegExp[] {
  const longestFirst = [...new Set(secrets)]
    .filter((secret) => secret.length >= shortestSecret)
    .sort((a, b) => b.length - a.length);
  return [
    ...longestFirst.flatMap(spellings).flatMap((secret) => [whole(secret), cutShort(secret)]),
    ...shapes,
  ];
}

/** As it is, and as it stands in escaped mrkdwn. */
function spellings(secret: string): readonly string[] {
  const inMrkdwn = secret.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  return inMrkdwn === secret ? [secret] : [inMrkdwn, secret];
}

function whole(secret: string): RegExp {
  return new RegExp(literally(secret), 'g');
}

/** The beginning of a secret before the mark of a cut, however much of it is left. */
function cutShort(secret: string): RegExp {
  const [...letters] = secret;
  const certain = literally(letters.slice(0, shortestCut).join(''));
  const possible = letters
    .slice(shortestCut)
    .reduceRight((rest, letter) => `(?:${literally(letter)}${rest})?`, '');
  return new RegExp(`${certain}${possible}…`, 'g');
}

function literally(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}

/** Finds what is written around the marks that escaping sets, and takes them away with it. */
function replaceMarked(text: string, pattern: RegExp): string {
  const kept = Array.from({ length: text.length }, (_, index) => index).filter(
    (index) => text[index] !== escapeMark,
  );
  const bare = kept.map((index) => text[index]).join('');
  let clean = '';
  let from = 0;
  for (const match of bare.matchAll(pattern)) {
    const begin = kept[match.index] ?? text.length;
    const last = kept[match.index + match[0].length - 1] ?? text.length - 1;
    clean += text.slice(from, begin) + replacement;
    from = last + 1;
  }
  return clean + text.slice(from);
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
