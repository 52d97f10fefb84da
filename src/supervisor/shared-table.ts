import { type ProcessTable, readProcessTable } from './process-table.ts';

/** The processes at one moment, by `performance.now()`. */
export interface Reading {
  readonly table: ProcessTable;
  readonly at: number;
}

const goodForMs = 20;
let latest: Reading | undefined;
let costMs = 0;

/**
 * A table read after that moment, by us or by another stop: forty stops side by side would otherwise spend their time reading the
 * same, and be too late to end a loop that sleeps. The dearer a reading, the longer it is good for.
 */
export async function readShared(after: number): Promise<Reading> {
  const now = performance.now();
  if (latest === undefined || latest.at <= after || now - latest.at > Math.max(goodForMs, 4 * costMs)) {
    latest = { table: await readProcessTable(), at: now };
    costMs = performance.now() - now;
  }
  return latest;
}
