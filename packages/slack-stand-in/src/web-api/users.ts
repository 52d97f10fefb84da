import { SlackError } from '../slack-error.ts';
import type { Person } from '../workspace.ts';
import { type ApiMethods, knownUser } from './api-method.ts';

export const people: ApiMethods = {
  'users.info': {
    token: 'bot',
    scope: 'users:read',
    run: (args, slack) => ({ user: apiUser(knownUser(slack, args.required('user'))) }),
  },

  'usergroups.list': {
    token: 'bot',
    scope: 'usergroups:read',
    run: (args, { workspace }) => ({
      usergroups: workspace.userGroups.map(({ id, handle, members }) => ({
        id,
        team_id: workspace.team.id,
        is_usergroup: true,
        handle,
        name: handle,
        user_count: members.length,
        ...(args.flag('include_users') ? { users: members } : {}),
      })),
    }),
  },

  'usergroups.users.list': {
    token: 'bot',
    scope: 'usergroups:read',
    run(args, { workspace }) {
      const group = workspace.userGroups.find(({ id }) => id === args.required('usergroup'));
      if (!group) throw new SlackError('no_such_subteam');
      return { users: group.members };
    },
  },
};

function apiUser(person: Person): Record<string, unknown> {
  return {
    id: person.id,
    ...teamsOf(person),
    name: person.name,
    real_name: person.displayName,
    deleted: false,
    tz: person.tz,
    is_bot: person.kind === 'bot',
    is_app_user: false,
    is_restricted: person.kind === 'guest',
    is_ultra_restricted: false,
    // Slack says false of somebody from elsewhere who shares a channel with the app: the team id is the real test.
    is_stranger: false,
    profile: { display_name: person.displayName, real_name: person.displayName },
  };
}

/** In an Enterprise Grid the team id may be that of another workspace, or missing. */
function teamsOf({ id, teamId, grid }: Person): Record<string, unknown> {
  if (grid === undefined) return { team_id: teamId };
  const { home, teams, listedIn = 'enterprise_user' } = grid;
  return {
    ...(home === undefined ? {} : { team_id: home }),
    ...(listedIn === 'user'
      ? { teams }
      : { enterprise_user: { id, enterprise_id: 'E0GRID00000', enterprise_name: 'Grid', teams } }),
  };
}
