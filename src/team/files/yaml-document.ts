import { type Alias, Composer, type CST, isAlias, LineCounter, type Node, Parser, visit } from 'yaml';
import { type Complaint, complaintAt, type Place } from './complaint.ts';

/** A YAML file as a tree of nodes, each of which knows its place and its source text. */
export interface YamlDocument {
  readonly file: string;
  /** Absent in an empty file. */
  readonly root: Node | undefined;
  placeOf(node: Node | undefined, path: string): Place;
  /** What an alias stands for; undefined if no anchor of that name comes before it. */
  target(alias: Alias): Node | undefined;
}

/** Far above any real team, far below what would keep the bot busy. */
export const LARGEST_FILE_BYTES = 512 * 1024;

const DEEPEST_NESTING = 100;

/** One document of YAML, or the first reason why it is none; what else is wrong behind that place cannot be told. */
export function parseYaml(file: string, bytes: Uint8Array): YamlDocument | Complaint {
  const lines = new LineCounter();
  const placeAt = (offset: number, path = ''): Place => {
    const { line, col } = lines.linePos(offset);
    return { file, line: Math.max(line, 1), column: Math.max(col, 1), path };
  };
  const refuse = (offset: number, found: string, expected: string) =>
    complaintAt(placeAt(offset), { found, expected });

  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return refuse(0, 'not UTF-8 text', 'saved as UTF-8');
  }
  const tokens = [...new Parser(lines.addNewLine).parse(text)];
  const stray = text.search(/[^\t\n\r\x20-\x7e\x85\u{a0}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/u);
  if (stray >= 0) {
    const code = text.charCodeAt(stray).toString(16).padStart(4, '0');
    return refuse(stray, `holding the control character U+${code}`, 'free of control characters');
  }
  const tooDeep = firstTooDeep(tokens);
  if (tooDeep !== undefined) {
    return refuse(tooDeep, 'nested too deeply', `nested at most ${DEEPEST_NESTING} levels deep`);
  }

  // The failsafe schema leaves every plain scalar as the text it was written as.
  const composer = new Composer({ schema: 'failsafe', uniqueKeys: false, merge: false, prettyErrors: false });
  const documents = [...composer.compose(tokens)];
  const [document, second] = documents;
  const [problem] = document?.errors ?? composer.streamInfo().errors;
  if (problem !== undefined) {
    return refuse(problem.pos[0], `not valid YAML (${problem.message})`, 'valid YAML');
  }
  if (second !== undefined) return refuse(second.range[0], 'more than one YAML document', 'a single one');

  const targets = new Map<Alias, Node | undefined>();
  const anchors = new Map<string, Node>();
  if (document !== undefined) {
    visit(document, {
      Node(_key, node) {
        if (isAlias(node)) targets.set(node, anchors.get(node.source));
        else if (node.anchor !== undefined) anchors.set(node.anchor, node);
      },
    });
  }
  return {
    file,
    root: document?.contents ?? undefined,
    placeOf: (node, path) => placeAt(node?.range?.[0] ?? 0, path),
    target: (alias) => targets.get(alias),
  };
}

/** Walks without recursion: composing deeper nesting than this could exhaust the stack. */
function firstTooDeep(tokens: readonly CST.Token[]): number | undefined {
  const open: { token: CST.Token; depth: number }[] = tokens.map((token) => ({ token, depth: 0 }));
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { token, depth } = next;
    if (depth > DEEPEST_NESTING) return token.offset;
    if (token.type === 'document' && token.value) open.push({ token: token.value, depth });
    if (!('items' in token)) continue;
    for (const { key, value } of token.items) {
      if (key) open.push({ token: key, depth: depth + 1 });
      if (value) open.push({ token: value, depth: depth + 1 });
    }
  }
  return undefined;
}
