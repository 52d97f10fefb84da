import type { Effect } from '../../language/verb.ts';
import type { Workspace } from '../connection/web-client.ts';
import { escaped } from '../markup/mrkdwn.ts';
import { isGroup, type People } from './people.ts';

/** Something in the world is different afterwards. */
export function hasConsequences(effect: Effect): boolean {
  return effect === 'changes' || effect === 'destroys';
}

/** Who asks, from where, as Slack's envelope says; names never count. */
export interface Asker {
  readonly person: string;
  readonly team: string;
  readonly channel: string;
  /** Who had posted the message whose button was pressed, where that stands in this channel for all to see. */
  readonly pressedOn?: string;
}

/** `delivery`: the same for every copy that Slack sends of one deed. */
export type Sender = Asker & { readonly delivery: string };

/** `operators`: who may do it instead, as far as known. */
export type Decision =
  | { readonly allowed: true }
  | { readonly allowed: false; readonly reason: Refusal; readonly operators: readonly string[] };

export type Refusal =
  | 'other-workspace'
  | 'channel'
  | 'not-a-member'
  | 'not-a-viewer'
  | 'not-an-operator'
  /** A group of operators could not be read. */
  | 'cannot-tell'
  /** Another copy of the bot answers for the same app. */
  | 'rival';

/** Slack's ids of direct messages begin with D. */
export function isDirectMessage(channel: string): boolean {
  return channel.startsWith('D');
}

export interface AccessOptions {
  /** Known once Slack has let us in; nobody can ask before that. */
  readonly workspace: Promise<Pick<Workspace, 'teamId' | 'botUser'>>;
  /** Where Muster answers. */
  readonly channels: readonly string[];
  /** Where the buttons under its own messages work, too, if it is none of these. */
  readonly alertChannel: string;
  readonly operators: readonly string[];
  /** Undefined: every full member. */
  readonly viewers: readonly string[] | undefined;
  readonly people: People;
  /** Another copy of the bot answers for the same app. */
  readonly hasRival: () => boolean;
}

export interface Access {
  /** The same for commands, buttons and submissions. Everything not known to be allowed is refused. */
  decide(asker: Asker, effect: Effect): Promise<Decision>;
}

export function createAccess(options: AccessOptions): Access {
  const { channels, alertChannel, operators, viewers, people, hasRival } = options;

  async function refusal(asker: Asker, effect: Effect): Promise<Refusal | undefined> {
    const { person, team, channel, pressedOn } = asker;
    const { teamId, botUser } = await options.workspace;
    if (team !== teamId) return 'other-workspace';
    const isDirect = isDirectMessage(channel);
    const isUnderAlert = channel === alertChannel && pressedOn === botUser;
    if (isDirect ? hasConsequences(effect) : !channels.includes(channel) && !isUnderAlert) return 'channel';
    if ((await people.standing(person)) !== 'member') return 'not-a-member';
    const operating = await people.membersOf(operators);
    if (operating.members.has(person)) return hasConsequences(effect) && hasRival() ? 'rival' : undefined;
    if (effect !== 'reads') return operating.unread.length > 0 ? 'cannot-tell' : 'not-an-operator';
    if (operating.lastKnown.has(person)) return undefined;
    // Without a list it is the channel that says who may look, and here is none.
    if (viewers === undefined) return isDirect ? 'channel' : undefined;
    if (!(await people.membersOf(viewers)).lastKnown.has(person)) return 'not-a-viewer';
    return undefined;
  }

  return {
    async decide(asker, effect) {
      const reason = await refusal(asker, effect);
      return reason === undefined ? { allowed: true } : { allowed: false, reason, operators };
    },
  };
}

/** A refusal says whom to ask, and the line that would change it, with the person's own id. */
export function refusalSentence(
  { reason, operators }: Extract<Decision, { allowed: false }>,
  { asker: { person, channel }, effect }: { readonly asker: Asker; readonly effect: Effect },
): string {
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
    case 'rival':
      return 'Another copy of Muster answers for this Slack app, and nobody can tell which of them acts. Nothing was done: changes wait until only one is left. Stop the other copy, or give it an app of its own; Muster counts again every minute.';
    case 'cannot-tell':
      return `Slack did not say who is in ${mentions(operators.filter(isGroup))}, so I cannot tell whether you may. Nothing was done; ask again in a little while.`;
    case 'not-an-operator': {
      const may =
        effect === 'reveals'
          ? 'What agents print is for operators.'
          : 'You may look but not change anything.';
      const ask =
        operators.length === 0
          ? 'Nobody may: SLACK_OPERATORS is empty.'
          : `Ask one of ${mentions(operators)}.`;
      return `${may} ${ask} (To be added: \`SLACK_OPERATORS=...,${escaped(person)}\` in the bot's .env.)`;
    }
  }
}

function mentions(ids: readonly string[]): string {
  return ids.map((id) => (isGroup(id) ? `<!subteam^${id}>` : `<@${id}>`)).join(', ');
}
