import { z } from 'zod';

export const runDirectoryPrefix = 'muster-sandbox-';

export const runRecordName = 'run.json';

const processIdentity = z.object({ pid: z.int().min(2), startedAt: z.string().min(1) });

/** What a run has started and would leave behind if it were killed. */
export const runRecord = z.object({
  owner: processIdentity,
  processes: z.array(processIdentity),
  tmuxDirectories: z.array(z.string()),
});

export type RunRecord = z.infer<typeof runRecord>;
