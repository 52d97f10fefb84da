/** A part of a text; `to` is the index behind its last character. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** Short values are left alone: replacing every `1` in a text hides nothing and garbles everything. */
const shortestValue = 6;

/** What is left of a value that was cut short (`…`) and still says too much. */
const shortestCut = 8;

/** So much of a value's beginning is a leak, whatever comes behind it. */
const longestWord = 64;

/**
 * Finds these values, and the beginnings that a cut left of them, in the order of where they begin; spans may overlap. Reads a text
 * once: no character costs more than 64 steps, each a binary search at most, however long, many or alike the values are.
 */
export function createKnownValues(values: readonly string[]): (text: string) => readonly Span[] {
  const sorted = [...new Set(values)].filter(({ length }) => length >= shortestValue).sort();
  const byBeginning = groupByBeginning(sorted);

  return (text) => {
    const spans: Span[] = [];
    for (let at = 0; at + shortestValue <= text.length; ) {
      const range = byBeginning.get(text.slice(at, at + shortestValue));
      const { depth, whole } = range === undefined ? { depth: 0, whole: 0 } : follow(text, at, range);
      const isCut = depth >= shortestCut && depth > whole && text[at + depth] === '…';
      const length = isCut ? depth + 1 : depth >= longestWord ? depth : whole;
      if (length > 0) spans.push({ from: at, to: at + length });
      at += Math.max(1, depth - longestWord + 1);
    }
    return spans;
  };

  /** How many characters from here on some value begins with, and the length of the longest value that ends among them. */
  function follow(text: string, at: number, [first, last]: Range): { depth: number; whole: number } {
    let [low, high, depth, whole] = [first, last, shortestValue, 0];
    while (low < high) {
      if (sorted[low]?.length === depth) {
        whole = depth;
        low += 1;
        continue;
      }
      const code = text.charCodeAt(at + depth);
      if (sorted[low]?.charCodeAt(depth) !== code) low = firstFrom(code, low, high, depth);
      if (sorted[high - 1]?.charCodeAt(depth) !== code) high = firstFrom(code + 1, low, high, depth);
      if (low >= high) break;
      depth += 1;
    }
    return { depth, whole };
  }

  /** Of values that are alike up to `depth`, the first whose next character is not below `code`; none is so where the text ends. */
  function firstFrom(code: number, from: number, to: number, depth: number): number {
    let [low, high] = [from, to];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((sorted[middle]?.charCodeAt(depth) ?? 0) >= code) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}

/** Of the sorted values, the first and the one behind the last. */
type Range = readonly [number, number];

function groupByBeginning(sorted: readonly string[]): ReadonlyMap<string, Range> {
  const groups = new Map<string, [number, number]>();
  for (const [index, value] of sorted.entries()) {
    const beginning = value.slice(0, shortestValue);
    const group = groups.get(beginning);
    if (group === undefined) groups.set(beginning, [index, index + 1]);
    else group[1] = index + 1;
  }
  return groups;
}
