import type { People } from './people.ts';
import type { Workspace } from './workspace.ts';

/** What a command or button does: looks, shows what agents print (which is for operators), changes, or destroys. */
export type Effect = 'reads' | 'reveals' | 'changes' | 'destroys';

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
