import { setTimeout as delay } from 'node:timers/promises';
import type { webApi } from '@slack/bolt';
import type { SampleCards } from '../../slack/cards/samples/sample-card.ts';
import { replyCards } from '../../slack/cards/samples/told-cards.ts';
import type { MessageContent } from '../../slack/markup/blocks.ts';
import { type Messages, type PostArguments, refusedBlocks } from '../../slack/outbox/messages.ts';
import { asked, type Said } from './call-slack.ts';

export interface LiveCheckOptions {
  readonly cards: SampleCards;
  readonly client: webApi.WebClient;
  readonly messages: Messages;
  readonly channel: string;
  /** Muster's own user. */
  readonly botUser: string;
  /** Tells the messages of this run from those of others. */
  readonly run: string;
  /** Milliseconds from one card to the next. */
  readonly spacingMs: number;
  readonly tell: (trial: Trial) => void;
  /** What is posted by then stays; nothing more is. */
  readonly signal: AbortSignal;
}

export interface LiveCheck {
  readonly trials: readonly Trial[];
  /** The timestamps of what is in the channel now, oldest first. */
  readonly posted: readonly string[];
}

/** Slack lets go of a scheduled message until a minute before it is due. */
const scheduledAheadMs = 8 * 60_000;

/** Does with the sample cards what Muster does with its own. */
export async function checkLive(options: LiveCheckOptions): Promise<LiveCheck> {
  const { cards, client, messages, channel, botUser, run, spacingMs, tell, signal } = options;
  const trials: Trial[] = [];
  const posted: string[] = [];
  const replies = Object.keys(replyCards());
  const note = (name: string, parts: readonly TrialPart[]) => {
    const trial = { name, parts };
    trials.push(trial);
    tell(trial);
  };
  const post = async (name: string, content: MessageContent, thread?: string) => {
    const said = await asked(() =>
      messages.post({ channel, content, id: idOf(name), ...(thread === undefined ? {} : { thread }) }),
    );
    if (said.kind === 'ok') posted.push(said.data.ts);
    return said;
  };
  const idOf = (name: string) => `live-check ${run} ${name}`;

  const words = `Muster's live check: ${Object.keys(cards).length} cards as samples. The agents in them do not exist, and their buttons do nothing.`;
  const heading = { text: words, blocks: [] };
  const head = await post('heading', heading);
  note('heading', [part('post', head)]);
  if (head.kind === 'refused') return { trials, posted };
  const thread = head.data.ts;

  for (const [name, card] of Object.entries(cards)) {
    if (signal.aborted) break;
    const content = unwired(card, { person: botUser, channel });
    const said = await post(name, content, replies.includes(name) ? thread : undefined);
    const parts = [part(replies.includes(name) ? 'reply' : 'post', said, content)];
    if (said.kind === 'ok') {
      const again = { ...content, text: `${content.text} (edited)` };
      parts.push(part('edit', await asked(() => messages.update(channel, said.data.ts, again)), content));
    }
    note(name, parts);
    await delay(spacingMs);
  }

  if (signal.aborted) return { trials, posted };
  const lookUp = async (wanted: Omit<PostArguments, 'channel' | 'content'>) =>
    lookedUp(await asked(() => messages.find({ channel, content: heading, ...wanted })));
  note('history', [await lookUp({ id: idOf('heading') })]);
  const reply = replies.find((name) => name in cards);
  if (reply !== undefined) note('thread', [await lookUp({ id: idOf(reply), thread })]);
  note('later', await scheduleAndWithdraw(client, channel));
  return { trials, posted };
}

/** Removes what a check posted. Replies go before what they reply to. */
export async function removePosted(
  { client, channel, spacingMs, tell }: Pick<LiveCheckOptions, 'client' | 'channel' | 'spacingMs' | 'tell'>,
  posted: readonly string[],
): Promise<Trial> {
  const parts: TrialPart[] = [];
  for (const ts of posted.toReversed()) {
    const { trouble } = part('delete', await asked(() => client.chat.delete({ channel, ts })));
    if (trouble !== undefined) parts.push({ deed: 'delete', trouble: `${ts}: ${trouble}` });
    await delay(spacingMs);
  }
  const trial = { name: 'clean-up', parts: parts.length > 0 ? parts : [{ deed: 'delete' }] };
  tell(trial);
  return trial;
}

async function scheduleAndWithdraw(client: webApi.WebClient, channel: string): Promise<readonly TrialPart[]> {
  const scheduled = await asked(() =>
    client.chat.scheduleMessage({
      channel,
      text: "Muster's live check scheduled this and could not take it back.",
      post_at: Math.floor((Date.now() + scheduledAheadMs) / 1000),
    }),
  );
  if (scheduled.kind === 'refused') return [part('schedule', scheduled)];
  const id = scheduled.data.scheduled_message_id ?? '';
  const listed = await asked(() => client.chat.scheduledMessages.list({ channel }));
  const withdrawn = await asked(() =>
    client.chat.deleteScheduledMessage({ channel, scheduled_message_id: id }),
  );
  return [part('schedule', scheduled), listedPart(listed, id), part('withdraw', withdrawn)];
}

function listedPart(said: Said<webApi.ChatScheduledMessagesListResponse>, wanted: string): TrialPart {
  if (said.kind === 'refused') return part('list', said);
  const isThere = said.data.scheduled_messages?.some(({ id }) => String(id) === wanted);
  return { deed: 'list', ...(isThere ? {} : { trouble: 'the message is not among those to come' }) };
}

function lookedUp(said: Said<string | undefined>): TrialPart {
  const isLost = said.kind === 'ok' && said.data === undefined;
  const trouble = 'the message is not there by its id: its metadata was not kept';
  return isLost ? { deed: 'look up', trouble } : part('look up', said);
}

function part(deed: string, said: Said<unknown>, card?: MessageContent): TrialPart {
  if (said.kind === 'ok') return { deed };
  const blocks = refusedBlocks(said.words, card?.blocks ?? []);
  return { deed, trouble: [...(blocks.length > 0 ? [blocks.join(', ')] : []), said.words].join(': ') };
}

/** What was tried, and Slack's words for each part that it refused. */
export interface Trial {
  readonly name: string;
  readonly parts: readonly TrialPart[];
}

export interface TrialPart {
  /** `post`, `edit`, ... */
  readonly deed: string;
  /** Absent: Slack took it. */
  readonly trouble?: string;
}

export function isRefused({ parts }: Trial): boolean {
  return parts.some(({ trouble }) => trouble !== undefined);
}

/** One line, and one more for each refusal. */
export function trialLines(trial: Trial, nameWidth: number): readonly string[] {
  const parts = trial.parts.map(({ deed, trouble }) => `${deed} ${trouble === undefined ? 'ok' : 'REFUSED'}`);
  const mark = isRefused(trial) ? '✗' : '✓';
  return [
    `  ${mark} ${trial.name.padEnd(nameWidth)}  ${parts.join(', ')}`,
    ...trial.parts.flatMap(({ deed, trouble }) =>
      trouble === undefined ? [] : [`    ${' '.repeat(nameWidth)}  → ${deed}: ${trouble}`],
    ),
  ];
}

/** What stands for the people and the channel of the samples in a real workspace. */
export interface StandsFor {
  /** Muster's own user: a mention of it pings nobody. */
  readonly person: string;
  readonly channel: string;
}

const samplePeople = /\bU0(?:ANA|BO)0+\b/g;

const sampleChannel = /\bC0OPS0+\b/g;

/** A card that Muster does not answer when somebody presses its buttons: the agents it shows are nobody's. */
export function unwired(card: MessageContent, { person, channel }: StandsFor): MessageContent {
  const text = JSON.stringify(card).replace(samplePeople, person).replace(sampleChannel, channel);
  return JSON.parse(text, (key, value: unknown) =>
    key === 'action_id' ? `live_check_${String(value)}` : value,
  ) as MessageContent;
}
