export interface Refusal {
  /** Slack's name for it. */
  readonly error: string;
  readonly details: Record<string, unknown>;
}
export type ViewSurface = 'modal' | 'home';

export function checkMessage(message: {
  text: string;
  blocks: unknown;
  attachments: unknown;
  metadata: unknown;
}): Refusal | undefined {
  if (!Array.isArray(message.blocks)) return { error: 'invalid_blocks_format', details: {} };
  if (!Array.isArray(message.attachments)) return { error: 'invalid_attachments', details: {} };
  if (!message.text && message.blocks.length + message.attachments.length === 0)
    return { error: 'no_text', details: {} };
  return undefined;
}

export function checkView(view: unknown, _surface: ViewSurface): Refusal | undefined {
  return typeof view === 'object' && view !== null
    ? undefined
    : { error: 'invalid_view_format', details: {} };
}
