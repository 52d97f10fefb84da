import { createInk, wantsColour } from '../../packages/slack-stand-in/src/render/ink.ts';
import { plainReader, renderConversation } from '../../packages/slack-stand-in/src/render/text.ts';
import type { Message } from '../../packages/slack-stand-in/src/server/message-store.ts';
import type { Workspace } from '../../packages/slack-stand-in/src/workspace.ts';

/** How an incident is told while it is played. */
export interface Telling {
  /** Says what is about to be seen. */
  tell(words: string): void;
  typed(person: string, channel: string, text: string): void;
  pressed(person: string, button: string): void;
  show(messages: readonly Message[]): void;
}

type Output = NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number };

const widest = 110;

/** Tells as it happens, for whoever watches a terminal. */
export function tellOn(output: Output, workspace: Workspace, env: NodeJS.ProcessEnv): Telling {
  const ink = createInk(wantsColour(output, env));
  const columns = Math.min(output.columns ?? widest, widest);
  const reader = { ...plainReader(workspace, { columns }), ink };
  return {
    tell: (words) => void output.write(`\n${ink.dim(`— ${words}`)}\n`),
    typed: (person, channel, text) =>
      void output.write(`\n${ink.bold(`${person} in #${channel}>`)} ${text}\n`),
    pressed: (person, button) => void output.write(`\n${ink.bold(`${person} presses`)} [${button}]\n`),
    show: (messages) => void output.write(`${renderConversation(messages, reader)}\n`),
  };
}

/** Keeps it as a document. */
export function tellAsMarkdown(workspace: Workspace): Telling & { markdown(): string } {
  const reader = plainReader(workspace);
  const parts = ['# An incident, as `npm run demo` plays it'];
  return {
    tell: (words) => void parts.push(words),
    typed: (person, channel, text) => void parts.push(`**${person}** in #${channel}: \`${text}\``),
    pressed: (person, button) => void parts.push(`**${person}** presses **[${button}]**`),
    show: (messages) => void parts.push(fenced(renderConversation(messages, reader))),
    markdown: () => `${parts.join('\n\n')}\n`,
  };
}

/** A fence longer than any in the text: what an agent printed stays inside. */
function fenced(text: string): string {
  const runs = text.match(/`{3,}/g) ?? [];
  const fence = '`'.repeat(Math.max(2, ...runs.map(({ length }) => length)) + 1);
  return `${fence}text\n${text}\n${fence}`;
}

export function both(one: Telling, other: Telling): Telling {
  const each = (tell: (telling: Telling) => void) => {
    tell(one);
    tell(other);
  };
  return {
    tell: (words) => each(({ tell }) => tell(words)),
    typed: (...said) => each(({ typed }) => typed(...said)),
    pressed: (...done) => each(({ pressed }) => pressed(...done)),
    show: (messages) => each(({ show }) => show(messages)),
  };
}
