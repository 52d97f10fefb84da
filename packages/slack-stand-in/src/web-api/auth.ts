import type { ApiMethods } from './api-method.ts';

export const session: ApiMethods = {
  'auth.test': {
    token: 'bot',
    run: (_args, { origin, workspace }) => ({
      url: `${origin}/`,
      team: workspace.team.name,
      team_id: workspace.team.id,
      user: workspace.bot.name,
      user_id: workspace.bot.id,
      bot_id: workspace.bot.botId,
      app_id: workspace.appId,
      is_enterprise_install: false,
    }),
  },

  'apps.connections.open': {
    token: 'app',
    run: (_args, { origin, socketMode }) => ({ url: socketMode.ticketUrl(origin) }),
  },
};
