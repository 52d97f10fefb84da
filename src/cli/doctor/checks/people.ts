import type { webApi } from '@slack/bolt';
import { standingOf } from '../../../slack/guard/people.ts';
import { asked } from '../ask-slack.ts';
import { broken, type Check, type Finding, ok, skipped, warn } from '../finding.ts';

/** Whether those who are named in the settings can be recognised: who cannot may do nothing. */
export const people: Check = {
  name: 'people',
  async run({ slack, settings }) {
    const identity = await slack.identity();
    const { bot } = slack;
    if (bot === undefined || identity.kind !== 'answer') return [skipped('the bot token first')];
    const named = [
      ...(settings.SLACK_OPERATORS ?? []).map((id) => ({ id, as: 'operator' })),
      ...(settings.SLACK_VIEWERS ?? []).map((id) => ({ id, as: 'viewer' })),
    ];
    if (named.length === 0) return [skipped('nobody is named in SLACK_OPERATORS or SLACK_VIEWERS')];
    return Promise.all(
      named.map(({ id, as }) =>
        id.startsWith('S') ? lookAtGroup(bot, id, as) : lookAtPerson(bot, id, as, identity.data.team_id),
      ),
    );
  },
};

async function lookAtPerson(
  bot: webApi.WebClient,
  id: string,
  as: string,
  team: string | undefined,
): Promise<Finding> {
  const info = await asked(() => bot.users.info({ user: id }));
  if (info.kind === 'unreachable') return notAsked(`the ${as} ${id}`, info.reason);
  if (info.kind === 'refused') {
    return info.error === 'missing_scope'
      ? skipped(`the ${as} ${id} cannot be looked up without the scope ${info.needed ?? 'users:read'}`)
      : broken(
          `Slack knows no ${as} ${id} (${info.error})`,
          'Copy it again: their profile, More, Copy member ID.',
        );
  }
  const user = info.data.user ?? {};
  const who = `${as} @${user.name ?? '?'} (${id})`;
  const nothing = 'and may do nothing';
  const takeOut = 'Take the id out of .env.';
  switch (standingOf({ ...user, id }, team)) {
    case 'member':
      return ok(who);
    case 'guest':
      return warn(`${who} is a guest ${nothing}`, takeOut);
    case 'bot':
      return warn(`${who} is a bot ${nothing}`, takeOut);
    case 'stranger':
      return warn(`${who} is of another workspace ${nothing}`, takeOut);
    case 'unknown':
      return warn(`${who} has left the workspace ${nothing}`, takeOut);
  }
}

async function lookAtGroup(bot: webApi.WebClient, id: string, as: string): Promise<Finding> {
  const list = await asked(() => bot.usergroups.users.list({ usergroup: id }));
  if (list.kind === 'unreachable') return notAsked(`the ${as}s' group ${id}`, list.reason);
  if (list.kind === 'refused') {
    return list.error === 'missing_scope'
      ? broken(
          `the ${as}s' group ${id} cannot be read without the scope ${list.needed ?? 'usergroups:read'}, so nobody in it may do anything`,
          'Add the scope to the app and install it again.',
        )
      : broken(
          `Slack knows no group ${id} (${list.error})`,
          "Copy it again: People, User groups, the group's menu, Copy group ID.",
        );
  }
  const count = list.data.users?.length ?? 0;
  if (count === 0)
    return warn(`the ${as}s' group ${id} is empty`, 'Add people to it in Slack, or take it out of .env.');
  return ok(`the ${as}s' group ${id} has ${count} ${count === 1 ? 'member' : 'members'}`);
}

function notAsked(who: string, reason: string): Finding {
  return warn(`${who} could not be looked up: ${reason}`, 'Run the doctor again in a minute.');
}
