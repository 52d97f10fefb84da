import type { Failure } from '../connection/failures.ts';
import { type MessageContent, section } from '../markup/blocks.ts';
import { cutMarkupToBytes } from '../markup/mrkdwn.ts';

const rest = 'Cut short: Slack takes no more here. `/team history` and `/team why AGENT` say more.';

/** Bytes of UTF-8 of what is told in a shorter message, and in the shortest. */
const shorterBytes = 1500;

const shortestBytes = 300;

/**
 * What to send in place of content whose form Slack refuses: at each refusal less, and undefined when there is no less, or the failure has another
 * reason. All begin with the verdict; buttons and small print stay as long as they can.
 */
export function lesserFormsOf(content: MessageContent): (failure: Failure) => MessageContent | undefined {
  let forms: MessageContent[] | undefined;
  return (failure) => {
    if (failure.kind !== 'invalid-blocks' && failure.kind !== 'too-long') return undefined;
    forms ??= formsOf(content, failure.kind);
    return forms.shift();
  };
}

function formsOf(content: MessageContent, kind: 'invalid-blocks' | 'too-long'): MessageContent[] {
  const { text, blocks } = content;
  const first = kind === 'too-long' ? shorter(content) : { text, blocks: [] };
  const shortest = { text: cutTo(shortestBytes, text), blocks: [] };
  return [first, shortest].filter((form) => blocks.length > 0 || form.text.length < text.length);
}

function shorter({ text, blocks }: MessageContent): MessageContent {
  const words = cutTo(shorterBytes, text);
  const kept = blocks.filter(({ type }) => type === 'actions' || type === 'context');
  return { text: words, blocks: blocks.length === 0 ? [] : [section(words), ...kept] };
}

function cutTo(bytes: number, text: string): string {
  return `${cutMarkupToBytes(text, bytes)} ${rest}`;
}
