/** The known word that somebody who wrote `word` probably meant: at most two slips away, and one in a short word. */
export function likelyTypoOf(word: string, known: readonly string[]): string | undefined {
  const near = known
    .map((candidate) => ({ candidate, slips: slipsBetween(simplified(word), candidate) }))
    .filter(({ candidate, slips }) => slips <= (candidate.length > 5 ? 2 : 1))
    .sort((left, right) => left.slips - right.slips);
  return near[0]?.candidate;
}

/** `RolePrompt` and `role-prompt` are meant to be `role_prompt`. */
function simplified(word: string): string {
  return word
    .slice(0, 64)
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .replaceAll('-', '_')
    .toLowerCase();
}

/** Letters missing, added, wrong or swapped with their neighbour. */
function slipsBetween(left: string, right: string): number {
  const row = (index: number) =>
    Array.from({ length: right.length + 1 }, (_, column) => (index === 0 ? column : index));
  let beforeLast: number[] = [];
  let last = row(0);
  for (let i = 1; i <= left.length; i++) {
    const current = row(i);
    for (let j = 1; j <= right.length; j++) {
      const wrong = left[i - 1] === right[j - 1] ? 0 : 1;
      const swapped = i > 1 && j > 1 && left[i - 1] === right[j - 2] && left[i - 2] === right[j - 1];
      current[j] = Math.min(
        (last[j] ?? 0) + 1,
        (current[j - 1] ?? 0) + 1,
        (last[j - 1] ?? 0) + wrong,
        swapped ? (beforeLast[j - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY,
      );
    }
    beforeLast = last;
    last = current;
  }
  return last[right.length] ?? 0;
}
