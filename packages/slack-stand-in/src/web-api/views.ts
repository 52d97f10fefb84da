import type { types } from '@slack/bolt';
import { checkView, type ViewSurface } from '../limits/check-message.ts';
import type { Slack } from '../server/slack-state.ts';
import type { OpenView } from '../server/view-store.ts';
import { SlackError } from '../slack-error.ts';
import { type ApiMethods, knownUser } from './api-method.ts';
import type { Arguments } from './call-arguments.ts';

/** docs.slack.dev, surfaces/modals. */
const modalStackLimit = 3;

export const views: ApiMethods = {
  'views.open': {
    token: 'bot',
    run(args, slack) {
      const view = readView(args.structure('view', 'invalid_view_format'), 'modal');
      const person = holderOfTrigger(args, slack);
      slack.views.clear(person);
      return { view: apiView(slack, slack.views.push(person, view)) };
    },
  },

  'views.push': {
    token: 'bot',
    run(args, slack) {
      const view = readView(args.structure('view', 'invalid_view_format'), 'modal');
      const person = holderOfTrigger(args, slack);
      if (slack.views.depth(person) >= modalStackLimit) throw new SlackError('push_limit_reached');
      return { view: apiView(slack, slack.views.push(person, view)) };
    },
  },

  'views.update': {
    token: 'bot',
    run(args, slack) {
      const view = readView(args.structure('view', 'invalid_view_format'), 'modal');
      const open = slack.views.find(args.text('view_id') ?? args.required('external_id'));
      if (!open) throw new SlackError('not_found');
      const hash = args.text('hash');
      if (hash && hash !== open.hash) throw new SlackError('hash_conflict');
      return { view: apiView(slack, slack.views.update(open.id, view)) };
    },
  },

  'views.publish': {
    token: 'bot',
    run(args, slack) {
      const view = readView(args.structure('view', 'invalid_view_format'), 'home');
      const person = knownUser(slack, args.required('user_id'));
      const hash = args.text('hash');
      const shown = slack.views.home(person.id);
      if (hash && shown && hash !== shown.hash) throw new SlackError('hash_conflict');
      return { view: apiView(slack, slack.views.publish(person.id, view)) };
    },
  },
};

/** Checks a view as `views.*` and the acknowledgement of a submission do. */
export function readView(given: unknown, surface: ViewSurface): types.View {
  const refusal = checkView(given, surface);
  if (refusal) throw new SlackError(refusal.error, refusal.details);
  // The check above is what makes this cast true.
  return given as types.View;
}

export function apiView(slack: Slack, { id, hash, view }: OpenView): Record<string, unknown> {
  return {
    ...view,
    id,
    hash,
    team_id: slack.workspace.team.id,
    app_id: slack.workspace.appId,
    bot_id: slack.workspace.bot.botId,
    root_view_id: id,
    state: { values: {} },
  };
}

function holderOfTrigger(args: Arguments, slack: Slack): string {
  const trigger = slack.triggers.use(args.required('trigger_id'));
  if (trigger.result === 'ok') return trigger.holder;
  const errors = {
    unknown: 'invalid_trigger_id',
    used: 'exchanged_trigger_id',
    expired: 'expired_trigger_id',
  };
  throw new SlackError(errors[trigger.result]);
}
