import { type Asker, type Decision, type Effect, isDirectMessage } from './access.ts';
import { escaped } from './outside-text.ts';
import { isGroup } from './people.ts';

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
