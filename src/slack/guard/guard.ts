import { newId } from '../../domain/operation.ts';
import { JournalError } from '../../journal/journal.ts';
import type { Effect } from '../../language/verb.ts';
import type { Log } from '../../log/log.ts';
import type { Audit } from '../../operations/records/audit.ts';
import type { OperationLog } from '../../operations/records/operation-log.ts';
import { sentenceCard } from '../markup/blocks.ts';
import { explain } from '../markup/explain.ts';
import type { Reply } from '../outbox/reply.ts';
import type { Deliveries } from '../records/deliveries.ts';
import { type Access, hasConsequences, refusalSentence, type Sender } from './access.ts';
import type { Pace } from './rate-limit.ts';

export interface GuardOptions {
  readonly access: Access;
  readonly pace: Pace;
  readonly deliveries: Deliveries;
  readonly audit: Audit;
  readonly operations: Pick<OperationLog, 'cameOf'>;
  readonly log: Log;
}

/** One thing a person asked for, by a command or a button. */
export interface Deed {
  readonly asker: Sender;
  readonly effect: Effect;
  /** What was typed, or the button's name. */
  readonly text: string;
  readonly reply: Reply;
  /** Tells Slack that it arrived. */
  ack(): Promise<void>;
  run(): Promise<void>;
}

/** The one way from Slack to anything that happens: on record before Slack is told, once per deed, only for those who may, every failure in words. */
export interface Guard {
  /** Never rejects. */
  pass(deed: Deed): Promise<void>;
  /** Resolves when no deed is under way. */
  idle(): Promise<void>;
}

export function createGuard(options: GuardOptions): Guard {
  const { access, pace, deliveries, audit, operations, log } = options;
  const underWay = new Set<Promise<void>>();

  /** False: it was here before, or will be again because Slack could not be told. */
  async function accept({ asker, effect, text, ack }: Deed): Promise<boolean> {
    const { delivery, person, channel } = asker;
    const changes = hasConsequences(effect);
    let unwritten: unknown;
    let isNew = true;
    try {
      isNew = deliveries.accept({ delivery, person, channel, text, changes });
    } catch (error) {
      unwritten = error;
    }
    try {
      await ack();
    } catch (error) {
      log.warn('Slack could not be told that a command arrived: it is not run', {
        text,
        error: String(error),
      });
      if (isNew) keep(() => deliveries.retract(delivery));
      return false;
    }
    // Who only looks may look without the journal.
    if (unwritten !== undefined && changes) throw unwritten;
    if (!isNew) log.info('delivered again, ignored', { person, channel, text });
    return isNew;
  }

  async function handle(deed: Deed): Promise<void> {
    const { asker, effect, text, reply } = deed;
    const { delivery, person, team, channel } = asker;
    const who = { person, channel, text };
    const attempt = { delivery, person, team, channel, text };
    if (!pace(person)) {
      log.warn('too many commands', who);
      keep(() => audit.attempt({ ...attempt, decision: 'refused', reason: 'pace' }));
      const words = 'That is more than 20 commands in a minute. Nothing was done; wait a little.';
      return await reply.whisper(sentenceCard(words));
    }
    const decision = await access.decide(asker, effect);
    if (!decision.allowed) {
      const { reason } = decision;
      log.warn('refused', { ...who, reason });
      keep(() => audit.attempt({ ...attempt, decision: 'refused', reason }));
      return await reply.whisper(sentenceCard(refusalSentence(decision, deed)));
    }
    const number = keep(() => audit.attempt({ ...attempt, decision: 'allowed' }));
    const begun = Date.now();
    const outcome = await failureOf(deed);
    if (number !== undefined) keep(() => audit.outcome(number, { outcome: outcome ?? 'done' }));
    const operation = keep(() => operations.cameOf(delivery));
    const facts = { ...who, tookMs: Date.now() - begun, ...(operation === undefined ? {} : { operation }) };
    if (outcome === undefined) log.info('done', facts);
  }

  /** The words in which the person was told why it was not done; undefined: it was. */
  async function failureOf(deed: Deed): Promise<string | undefined> {
    try {
      await deed.run();
      return undefined;
    } catch (error) {
      return await tell(deed, error);
    }
  }

  async function tell(deed: Deed, error: unknown): Promise<string> {
    const { words, isBug } = explain(error);
    const id = newId('E');
    const details =
      error instanceof Error ? (isBug ? (error.stack ?? error.message) : error.message) : String(error);
    log[isBug ? 'error' : 'info']('not done', {
      id,
      person: deed.asker.person,
      text: deed.text,
      error: details,
    });
    const sentence = isBug ? `${words} The host's log has the details under ${id}.` : words;
    await deed.reply.whisper(sentenceCard(sentence)).catch((failure: unknown) => {
      log.error('a person could not be answered', { id, error: String(failure) });
    });
    return sentence;
  }

  /** What is on record already is done whether or not this can be written beside it. */
  function keep<Result>(write: () => Result): Result | undefined {
    try {
      return write();
    } catch (error) {
      if (!(error instanceof JournalError)) throw error;
      log.error('the journal cannot be used', { error: error.message });
      return undefined;
    }
  }

  async function handleSafely(deed: Deed): Promise<void> {
    try {
      // Another copy of it may be under way: it is not settled before that one is.
      if (!(await accept(deed))) return;
      await handle(deed);
    } catch (error) {
      await tell(deed, error);
    }
    keep(() => deliveries.settle(deed.asker.delivery));
  }

  return {
    pass(deed) {
      const handling = handleSafely(deed).finally(() => underWay.delete(handling));
      underWay.add(handling);
      return handling;
    },
    async idle() {
      while (underWay.size > 0) await Promise.all(underWay);
    },
  };
}
