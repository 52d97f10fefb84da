import type { types } from '@slack/bolt';
import type { Slack } from '../server/slack-state.ts';
import type { OpenView } from '../server/view-store.ts';
import { SlackError } from '../slack-error.ts';
import { apiView, readView } from '../web-api/views.ts';
import type { Person } from '../workspace.ts';
import { sender } from './payloads.ts';
import { ImpossibleForAPerson } from './person.ts';

type SubmitOutcome =
  | { readonly kind: 'closed' }
  /** The dialog stays, with what the app answered in it or on top of it. */
  | { readonly kind: 'shown'; readonly view: OpenView }
  /** By block id: what the person reads under the input. */
  | { readonly kind: 'rejected'; readonly errors: Readonly<Record<string, string>> }
  | { readonly kind: 'failed'; readonly error: string };

/** What a person does with modals and the Home tab. */
export interface PersonViews {
  /** The modal in front of the person. */
  openModal(person: string): OpenView | undefined;
  homeTab(person: string): OpenView | undefined;
  /** Opens the app's Home tab, which tells the app. */
  openHome(person: string): Promise<void>;
  /** Submits the modal with texts by block id or action id; the others stay empty. */
  submitView(person: string, texts?: Readonly<Record<string, string>>): Promise<SubmitOutcome>;
  /** Closes the modal in front of the person, and tells the app if it asked to be told. */
  closeView(person: string): Promise<void>;
}

export function createPersonViews(slack: Slack): PersonViews {
  const { workspace, views, socketMode } = slack;

  return {
    openModal: (name) => views.top(workspace.person(name).id),
    homeTab: (name) => views.home(workspace.person(name).id),

    async openHome(name) {
      const { id, teamId } = workspace.person(name);
      await socketMode.deliver('events_api', {
        token: 'verification',
        type: 'event_callback',
        team_id: teamId,
        api_app_id: workspace.appId,
        event_id: `Ev${Date.now().toString(36).toUpperCase()}`,
        event_time: Math.floor(Date.now() / 1000),
        authorizations: [{ team_id: workspace.team.id, user_id: workspace.bot.id, is_bot: true }],
        event: {
          type: 'app_home_opened',
          user: id,
          channel: workspace.directMessageWith(workspace.person(name)).id,
          tab: 'home',
        },
      });
    },

    async submitView(name, texts = {}) {
      const person = workspace.person(name);
      const open = views.top(person.id);
      if (!open) throw new ImpossibleForAPerson(`${person.name} has no modal open`);
      const delivery = await socketMode.deliver('interactive', {
        type: 'view_submission',
        ...sender(slack, person),
        response_urls: [],
        view: { ...apiView(slack, open), state: { values: typedInto(open.view, texts) } },
      });
      if (delivery.kind === 'failed') return delivery;
      try {
        return settle(person, open, delivery.payload);
      } catch (error) {
        if (error instanceof SlackError) return { kind: 'failed', error: error.code };
        throw error;
      }
    },

    async closeView(name) {
      const person = workspace.person(name);
      const open = views.top(person.id);
      if (!open) return;
      views.pop(person.id);
      if (!('notify_on_close' in open.view && open.view.notify_on_close)) return;
      await socketMode.deliver('interactive', {
        type: 'view_closed',
        ...sender(slack, person),
        is_cleared: false,
        view: apiView(slack, open),
      });
    },
  };

  /** docs.slack.dev, surfaces/modals: what an app can answer to a submission, in the acknowledgement alone. */
  function settle(person: Person, open: OpenView, answer: Record<string, unknown>): SubmitOutcome {
    switch (answer.response_action) {
      case 'errors':
        return { kind: 'rejected', errors: answer.errors as Record<string, string> };
      case 'update':
        return { kind: 'shown', view: views.update(open.id, readView(answer.view, 'modal')) };
      case 'push':
        return { kind: 'shown', view: views.push(person.id, readView(answer.view, 'modal')) };
      case 'clear':
        views.clear(person.id);
        return { kind: 'closed' };
      default:
        views.pop(person.id);
        return { kind: 'closed' };
    }
  }
}

type Typed = Record<string, Record<string, { type: string; value: string | null }>>;

function typedInto({ blocks }: types.View, texts: Readonly<Record<string, string>>): Typed {
  const inputs = (blocks as readonly types.KnownBlock[]).filter((block) => block.type === 'input');
  return Object.fromEntries(
    inputs.map(({ block_id: blockId = '', element }) => {
      const actionId = element.action_id ?? blockId;
      const value = texts[blockId] ?? texts[actionId] ?? null;
      return [blockId, { [actionId]: { type: element.type, value } }];
    }),
  );
}
