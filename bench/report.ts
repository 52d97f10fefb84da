/** One thing measured: what it cost, what the baseline cost in the same run, and what it was to cost. */
export interface Row {
  readonly what: string;
  readonly measured: string;
  readonly baseline: string;
  /** How many times better than the baseline. */
  readonly ratio?: number;
  readonly goal?: string;
  readonly isMet?: boolean;
}

export interface Bench {
  readonly name: string;
  run(): Promise<readonly Row[]>;
}

const heading = ['what', 'measured', 'baseline', 'ratio', 'goal', ''];

function cellsOf({ what, measured, baseline, ratio, goal = '', isMet }: Row): readonly string[] {
  const times = ratio === undefined ? '' : `${ratio >= 1 ? ratio.toFixed(1) : ratio.toPrecision(1)}x`;
  return [what, measured, baseline, times, goal, isMet === undefined ? '' : isMet ? 'met' : 'MISSED'];
}

export function printRows(rows: readonly Row[], print: (line: string) => void): void {
  const cells = [heading, ...rows.map(cellsOf)];
  const widths = heading.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  for (const row of cells)
    print(
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    );
}

export function markdownOf(rows: readonly Row[]): readonly string[] {
  return [heading, heading.map(() => '---'), ...rows.map(cellsOf)].map((cells) => `| ${cells.join(' | ')} |`);
}

export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

export const median = (values: readonly number[]) => percentile(values, 0.5);

export function ms(value: number): string {
  return value >= 100 ? `${Math.round(value)} ms` : `${value.toFixed(1)} ms`;
}

export async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

export function summary(values: readonly number[]): string {
  return `${ms(median(values))}, p99 ${ms(percentile(values, 0.99))}`;
}
