import { z } from 'zod';

export type EnvelopeType = 'slash_commands' | 'interactive' | 'events_api';

export type Delivery =
  | { readonly kind: 'acked'; readonly payload: Record<string, unknown>; readonly afterMs: number }
  /** Slack's own words for what the person reads. */
  | { readonly kind: 'failed'; readonly error: 'operation_timeout' | 'dispatch_failed' };

/** Every ack that arrives, also the late and the repeated ones, which have no effect. */
export interface AckEvent {
  readonly envelopeId: string;
  readonly type: EnvelopeType;
  readonly afterMs: number;
  readonly verdict: 'in time' | 'late' | 'repeated';
}

/** Matches what the app sends back to the envelopes it got. */
export interface Acknowledgements {
  /** Waits for the ack of an envelope that was sent just now. */
  expect(envelopeId: string, type: EnvelopeType): Promise<Delivery>;
  /** False for a frame that is no acknowledgement. */
  receive(frame: string): boolean;
  /** Nothing more will come. */
  giveUp(): void;
}

interface Envelope {
  readonly type: EnvelopeType;
  readonly sentAt: number;
  state: 'waiting' | 'too late' | 'acked';
  settle(delivery: Delivery): void;
}

const ackFrame = z.object({
  envelope_id: z.string(),
  payload: z.record(z.string(), z.unknown()).default({}),
});

export function createAcknowledgements(timeoutMs: number, onAck: (ack: AckEvent) => void): Acknowledgements {
  const envelopes = new Map<string, Envelope>();
  const verdicts = { waiting: 'in time', 'too late': 'late', acked: 'repeated' } as const;

  return {
    expect(envelopeId, type) {
      const { promise, resolve } = Promise.withResolvers<Delivery>();
      const timer = setTimeout(() => {
        envelope.state = 'too late';
        envelope.settle({ kind: 'failed', error: 'operation_timeout' });
      }, timeoutMs);
      const envelope: Envelope = {
        type,
        sentAt: performance.now(),
        state: 'waiting',
        settle(delivery) {
          clearTimeout(timer);
          resolve(delivery);
        },
      };
      envelopes.set(envelopeId, envelope);
      return promise;
    },

    receive(frame) {
      const ack = parseAck(frame);
      if (!ack) return false;
      const envelope = envelopes.get(ack.envelope_id);
      if (!envelope) return true;
      const afterMs = performance.now() - envelope.sentAt;
      const verdict = verdicts[envelope.state];
      envelope.state = 'acked';
      envelope.settle({ kind: 'acked', payload: ack.payload, afterMs });
      onAck({ envelopeId: ack.envelope_id, type: envelope.type, afterMs, verdict });
      return true;
    },

    giveUp() {
      for (const envelope of envelopes.values())
        envelope.settle({ kind: 'failed', error: 'dispatch_failed' });
    },
  };
}

function parseAck(frame: string): z.infer<typeof ackFrame> | undefined {
  try {
    return ackFrame.safeParse(JSON.parse(frame)).data;
  } catch {
    return undefined;
  }
}
