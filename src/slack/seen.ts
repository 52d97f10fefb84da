/** Whether a delivery came before; asking remembers it. */
export type Seen = (delivery: string) => boolean;

const rememberMs = 24 * 60 * 60_000;

/** Slack delivers again after a lost ack, minutes later too, and never removes the copies itself. */
export function createSeen(now: () => number = Date.now): Seen {
  const deliveries = new Map<string, number>();
  return (delivery) => {
    for (const [old, at] of deliveries) {
      if (at > now() - rememberMs) break;
      deliveries.delete(old);
    }
    if (deliveries.has(delivery)) return true;
    deliveries.set(delivery, now());
    return false;
  };
}
