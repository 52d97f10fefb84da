/** How often a fault strikes; with none of these, every time. */
interface Frequency {
  /** That many times, then no more. */
  readonly times?: number;
  /** Every n-th call it could strike. */
  readonly every?: number;
  /** From 0 to 1. */
  readonly probability?: number;
}

/** Strikes a Web API call or a response_url (as method `response_url`); without `method`, all of them. */
export type CallFault = Frequency & { readonly method?: string } & (
    | { readonly kind: 'rate-limited'; readonly retryAfterSeconds: number }
    /** HTTP 500. `accepted`: after the call had its effect. */
    | { readonly kind: 'server-error'; readonly accepted: boolean }
    /** No answer while the stand-in lives. */
    | { readonly kind: 'hang'; readonly accepted: boolean }
    | { readonly kind: 'slow'; readonly delayMs: number }
    /** Refused with one of Slack's own error names, and the messages that go with it. */
    | { readonly kind: 'refused'; readonly error: string; readonly messages?: readonly string[] }
  );

/** Strikes an envelope on its way to the app, or a connection. */
type ConnectionFault = Frequency &
  (
    | { readonly kind: 'duplicate-envelope' }
    /** The connection is cut right after the envelope was sent. */
    | { readonly kind: 'cut-after-envelope' }
    | { readonly kind: 'late-envelope'; readonly delayMs: number }
    /** A connection opened under it keeps its TCP side open after the close, which Slack's do and clients wait for. */
    | { readonly kind: 'lingering-close' }
  );

export type Fault = CallFault | ConnectionFault;

export interface Faults {
  /** Returns the way to end it. */
  add(fault: Fault): () => void;
  clear(): void;
  onCall(method: string): CallFault | undefined;
  onConnection(kind: ConnectionFault['kind']): ConnectionFault | undefined;
}

export function createFaults(initial: readonly Fault[] = [], random: () => number = Math.random): Faults {
  const active = new Map<Fault, { seen: number; struck: number }>();
  for (const fault of initial) active.set(fault, { seen: 0, struck: 0 });

  function strikes(fault: Fault): boolean {
    const count = active.get(fault);
    if (!count || count.struck >= (fault.times ?? Number.POSITIVE_INFINITY)) return false;
    count.seen += 1;
    if (count.seen % (fault.every ?? 1) !== 0) return false;
    if (random() >= (fault.probability ?? 1)) return false;
    count.struck += 1;
    return true;
  }

  return {
    add(fault) {
      active.set(fault, { seen: 0, struck: 0 });
      return () => active.delete(fault);
    },
    clear: () => active.clear(),
    onCall: (method) =>
      [...active.keys()]
        .filter(isCallFault)
        .find((fault) => (fault.method ?? method) === method && strikes(fault)),
    onConnection: (kind) =>
      [...active.keys()].filter(isConnectionFault).find((fault) => fault.kind === kind && strikes(fault)),
  };
}

const connectionKinds: readonly string[] = [
  'duplicate-envelope',
  'cut-after-envelope',
  'late-envelope',
  'lingering-close',
];

function isConnectionFault(fault: Fault): fault is ConnectionFault {
  return connectionKinds.includes(fault.kind);
}

function isCallFault(fault: Fault): fault is CallFault {
  return !isConnectionFault(fault);
}
