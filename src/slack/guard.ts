import { type Access, type Asker, type Decision, type Effect, isDirectMessage } from './access.ts';
import { sentenceCard } from './blocks.ts';
import type { Reply } from './command.ts';
import { explain } from './explain.ts';
import { newId } from './ids.ts';
import type { Log } from './log.ts';
import { escaped } from './outside-text.ts';
import type { Pace } from './pace.ts';
import type { Seen } from './seen.ts';

export interface GuardOptions {
  readonly access: Access;
  readonly pace: Pace;
  readonly seen: Seen;
  readonly log: Log;
}

/** One thing a person asked for, by a command or a button. */
export interface Deed {
  readonly asker: Asker;
  readonly effect: Effect;
  /** What was typed, or the button's name. */
  readonly text: string;
  /** The same for every delivery of the same deed. */
  readonly delivery: string;
  readonly reply: Reply;
  run(): Promise<void>;
}

/** The one way from Slack to anything that happens: once per deed, only for those who may, every failure in words. */
export interface Guard {
  /** Never rejects. */
  pass(deed: Deed): Promise<void>;
  /** Resolves when no deed is under way. */
  idle(): Promise<void>;
}

export function createGuard({ access, pace, seen, log }: GuardOptions): Guard {
  const underWay = new Set<Promise<void>>();

  async function handle(deed: Deed): Promise<void> {
    const { asker, effect, text, delivery, reply } = deed;
    const who = { person: asker.person, channel: asker.channel, text };
    if (seen(delivery)) return log.info('delivered again, ignored', who);
    if (!pace(asker.person)) {
      log.warn('too many commands', who);
      return await reply.whisper(
        sentenceCard('That is more than 20 commands in a minute. Nothing was done; wait a little.'),
      );
    }
    const decision = await access.decide(asker, effect);
    if (!decision.allowed) {
      log.warn('refused', { ...who, reason: decision.reason });
      return await reply.whisper(sentenceCard(refusalSentence(decision, asker)));
    }
    const begun = Date.now();
    await deed.run();
    log.info('done', { ...who, tookMs: Date.now() - begun });
  }

  async function handleSafely(deed: Deed): Promise<void> {
    try {
      await handle(deed);
    } catch (error) {
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
    }
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

/** A refusal says whom to ask, and the line that would change it, with the person's own id. */
function refusalSentence(refusal: Extract<Decision, { allowed: false }>, { person, channel }: Asker): string {
  const { reason, operators } = refusal;
  switch (reason) {
    case 'other-workspace':
      return 'Muster answers only to people of its own workspace.';
    case 'channel':
      if (isDirectMessage(channel)) {
        return 'In a direct message Muster only shows things, and only to the people in SLACK_OPERATORS and SLACK_VIEWERS.';
      }
      return `Muster does not answer in this channel. (To be added: \`SLACK_CHANNELS=...,${escaped(channel)}\` in the bot's .env.)`;
    case 'not-a-member':
      return 'Muster answers only to full members of this workspace, and could not make sure that you are one.';
    case 'not-a-viewer':
      return `You may not look. (To be added: \`SLACK_VIEWERS=...,${escaped(person)}\` in the bot's .env.)`;
    case 'not-an-operator': {
      const whom = operators.map((id) => (id.startsWith('S') ? `<!subteam^${id}>` : `<@${id}>`));
      const ask =
        whom.length === 0 ? 'Nobody may: SLACK_OPERATORS is empty.' : `Ask one of ${whom.join(', ')}.`;
      return `You may look but not change anything. ${ask} (To be added: \`SLACK_OPERATORS=...,${escaped(person)}\` in the bot's .env.)`;
    }
  }
}
