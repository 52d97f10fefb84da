import type { ServerResponse } from 'node:http';
import { messageHtml } from '../../../packages/slack-stand-in/src/render/html/html-message.ts';
import type { HtmlReader } from '../../../packages/slack-stand-in/src/render/html/html-reader.ts';
import { modalHtml } from '../../../packages/slack-stand-in/src/render/html/html-view.ts';
import type { Message } from '../../../packages/slack-stand-in/src/server/message-store.ts';
import type { OpenView } from '../../../packages/slack-stand-in/src/server/view-store.ts';
import type { Person } from '../../../packages/slack-stand-in/src/workspace.ts';
import { pageHeaders } from './page-files.ts';
import type { PageWorld } from './side-panel.ts';

interface Viewer {
  readonly person: Person;
  send(event: string, data: unknown): void;
}

/** Streams to each open page what its person sees, as Server-Sent Events: first all of it, then every change. */
export interface Feed {
  /** False: there is no such person. */
  open(person: string, response: ServerResponse): boolean;
  close(): void;
}

const lookEveryMs = 1_000;

export function createFeed({ slack, host, words }: PageWorld): Feed {
  const { workspace, events } = slack;
  const viewers = new Set<Viewer>();
  let shownAgents = '';
  let looking: NodeJS.Timeout | undefined;

  const canSee = ({ id }: Person, { onlyVisibleTo, channel }: Message) =>
    (onlyVisibleTo ?? id) === id && workspace.channel(channel).members.has(id);
  const readerFor = ({ id, tz }: Person): HtmlReader => ({ workspace, timeZone: tz, viewer: id });

  function record(message: Message, person: Person) {
    const { ts, channel, threadTs, broadcast, author } = message;
    return {
      ...{ ts, channel, thread: threadTs, broadcast, mine: author === person.id },
      html: messageHtml(message, readerFor(person)).markup,
    };
  }

  function everything(person: Person) {
    const direct = workspace.directMessageWith(person);
    const shown = workspace.channels.filter(
      ({ kind, members }) => kind !== 'direct' && members.has(person.id),
    );
    return {
      you: personWords(person),
      people: workspace.people.map(personWords),
      channels: [...shown, direct].map(({ id, name, kind }) => ({
        id,
        name: kind === 'direct' ? workspace.bot.displayName : name,
        kind,
      })),
      words,
      models: host.models,
      connected: slack.sockets.length > 0,
      modal: modal(person),
      messages: slack.everything(person.name).map((message) => record(message, person)),
    };
  }

  function personWords({ name, displayName, kind }: Person) {
    const role = words.operators.includes(name) ? 'operator' : kind === 'stranger' ? 'stranger' : 'viewer';
    return { name, displayName, role };
  }

  function modal(person: Person): string | null {
    const open = slack.openModal(person.name);
    return open === undefined ? null : modalHtml(open.view, readerFor(person)).markup;
  }

  function tell(message: Message): void {
    for (const { person, send } of viewers)
      if (canSee(person, message)) send('message', record(message, person));
  }
  const forget = ({ ts }: Message) => {
    for (const { send } of viewers) send('gone', { ts });
  };
  const connection = (open: number) => {
    for (const { send } of viewers) send('connection', { connected: open > 0 });
  };
  /** The view is told of before it is on the stack. */
  const view = ({ person: id }: OpenView) => {
    setImmediate(() => {
      for (const { person, send } of viewers) if (person.id === id) send('modal', { html: modal(person) });
    });
  };
  events.on('message', tell).on('ephemeral', tell).on('edited', tell).on('deleted', forget);
  events.on('view', view).on('sockets', connection);

  async function look(): Promise<void> {
    const agents = JSON.stringify(await host.agents());
    if (agents === shownAgents) return;
    shownAgents = agents;
    for (const { send } of viewers) send('host', JSON.parse(agents));
  }

  /** Looks at the host only while somebody looks at the page. */
  function lookOn(): void {
    looking ??= setTimeout(
      () => {
        // What can't be read now is looked at again in a moment.
        look()
          .catch(() => undefined)
          .finally(() => {
            looking = undefined;
            if (viewers.size > 0) lookOn();
          });
      },
      shownAgents === '' ? 0 : lookEveryMs,
    );
  }

  return {
    open(name, response) {
      const person = workspace.people.find((candidate) => candidate.name === name);
      if (person === undefined) return false;
      response.writeHead(200, { ...pageHeaders, 'content-type': 'text/event-stream; charset=utf-8' });
      const viewer: Viewer = {
        person,
        send: (event, data) => void response.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`),
      };
      viewer.send('workspace', everything(person));
      viewers.add(viewer);
      response.on('close', () => viewers.delete(viewer));
      shownAgents = '';
      lookOn();
      return true;
    },
    close() {
      clearTimeout(looking);
      viewers.clear();
      events.off('message', tell).off('ephemeral', tell).off('edited', tell).off('deleted', forget);
      events.off('view', view).off('sockets', connection);
    },
  };
}
