import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** What helpers of the unit tests make is in here, and goes when all of them are over. */
    unitDirectory: string;
  }
}

export function setup(project: TestProject): () => void {
  const directory = realpathSync(mkdtempSync(join(tmpdir(), 'muster-unit-')));
  project.provide('unitDirectory', directory);
  return () => rmSync(directory, { recursive: true, force: true });
}
