import { setTimeout as delay } from 'node:timers/promises';
import { createBackOff, type Wait } from './back-off.ts';
import { lockedOut, type TokenName } from './token-errors.ts';

/** Asks Slack what Muster cannot begin without, for as long as it takes. Throws SlackRefusedError, at once, for what somebody has to mend. */
export async function gettingIn<Answer>(
  ask: () => Promise<Answer>,
  options: {
    readonly token: TokenName;
    readonly onWait: (wait: Wait) => void;
    /** Milliseconds to the second try. */
    readonly firstRetryMs?: number | undefined;
    /** Ends the wait with its reason. */
    readonly signal?: AbortSignal;
  },
): Promise<Answer> {
  const { token, onWait, signal } = options;
  const backOff = createBackOff(options.firstRetryMs);
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      const refused = lockedOut(error, token);
      if (refused !== undefined) throw refused;
      signal?.throwIfAborted();
      const wait = backOff(error);
      onWait(wait);
      await delay(wait.waitMs, undefined, { ...(signal && { signal }) });
    }
  }
}
