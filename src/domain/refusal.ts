/** Why something that was asked for is not done. */
export type Refusal =
  /** There is no such project or agent; `known` are the names there are. */
  | { readonly kind: 'unknown-selection'; readonly asked: string; readonly known: readonly string[] }
  /** The team's files don't load; each complaint is one sentence. */
  | { readonly kind: 'team-does-not-load'; readonly complaints: readonly string[] }
  /** Somebody else's operation is running on one of the projects. */
  | { readonly kind: 'busy'; readonly operation: BusyWith }
  /** Nobody knows an operation of this id. */
  | { readonly kind: 'unknown-operation'; readonly id: string }
  /** This process ends soon, and begins nothing any more. */
  | { readonly kind: 'restarting' }
  /** The journal cannot be read or written, in its own words. */
  | { readonly kind: 'journal'; readonly words: string }
  /** The back-end cannot be had, or failed, in its own words. */
  | { readonly kind: 'supervisor'; readonly words: string };

/** The operation that holds a project. */
export interface BusyWith {
  readonly id: string;
  readonly text: string;
  readonly askedBy: string;
  readonly since: Date;
  readonly project: string;
  /** The process it runs in, if that is another one. */
  readonly pid?: number;
  /** The address of the message that follows it. */
  readonly link?: string;
}

export class RefusedError extends Error {
  override readonly name = 'RefusedError';
  readonly refusal: Refusal;

  constructor(refusal: Refusal, options?: ErrorOptions) {
    super(refusal.kind, options);
    this.refusal = refusal;
  }
}
