import * as z from 'zod';

/** What is read of a snapshot; other fields are accepted and dropped. */
export const snapshotSchema = z.object({
  schema: z.literal(2),
  applied_at: z.string(),
  compose_digest: z.string(),
  global: z.object({ supervisor_type: z.string(), tmux_prefix: z.string(), broker_path: z.string() }),
  agents: z.record(
    z.templateLiteral([z.string(), ':', z.string()]),
    z.object({
      tmux_session: z.string(),
      env_file: z.string(),
      fingerprints: z.object({
        env: z.string(),
        mcp: z.string(),
        role_prompt: z.discriminatedUnion('kind', [
          z.object({ kind: z.literal('none') }),
          z.object({ kind: z.literal('missing'), path: z.string() }),
          z.object({ kind: z.literal('present'), hash: z.string() }),
        ]),
      }),
    }),
  ),
});

export const newerSnapshotSchema = z.object({ schema: z.int().min(3) });
