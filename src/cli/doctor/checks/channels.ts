import { alertChannelAlone } from '../../../settings.ts';
import { asked } from '../ask-slack.ts';
import type { Examined } from '../facts.ts';
import { broken, type Check, type Finding, ok, skipped, warn } from '../finding.ts';

/** The history is asked for, of which nothing is kept: it is what the scopes of the manifest allow, and only members may. */
export const channels: Check = {
  name: 'channels',
  async run(examined) {
    const { SLACK_CHANNELS: where, SLACK_ALERT_CHANNEL: alerts } = examined.settings;
    const identity = await examined.slack.identity();
    if (identity.kind !== 'answer') return [skipped('the bot token first')];
    if (where === undefined && alerts === undefined) return [skipped('SLACK_CHANNELS first')];
    const ids = [...new Set([...(where ?? []), ...(alerts === undefined ? [] : [alerts])])];
    const findings = await Promise.all(ids.map((id) => look(examined, id, id === alerts)));
    if (where !== undefined && alerts !== undefined && !where.includes(alerts)) {
      findings.push(ok(`the alert channel ${alerts} is not in SLACK_CHANNELS: ${alertChannelAlone}`));
    }
    return findings;
  },
};

async function look({ slack: { bot } }: Examined, id: string, isAlerts: boolean): Promise<Finding> {
  if (bot === undefined) return skipped('the bot token first');
  const name = isAlerts ? `${id} (alerts)` : id;
  const history = await asked(() => bot.conversations.history({ channel: id, limit: 1 }));
  if (history.kind === 'answer') return ok(`the bot is a member of ${name}`);
  if (history.kind === 'unreachable') {
    return warn(`${name} could not be looked at: ${history.reason}`, 'Run the doctor again in a minute.');
  }
  switch (history.error) {
    case 'not_in_channel':
      return broken(
        `the bot is not a member of ${name} and can say nothing there`,
        'In that channel: /invite @Muster',
      );
    case 'channel_not_found':
      return broken(
        `the bot can see no channel ${name}`,
        "If it is private, /invite @Muster there; else copy its id again, from the end of the channel's About tab.",
      );
    case 'missing_scope':
      return skipped(`${name} cannot be looked at without the scope ${history.needed ?? 'for its history'}`);
    default:
      return broken(`Slack says ${history.error} of ${name}`, 'Look at that channel in Slack.');
  }
}
