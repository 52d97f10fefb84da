import { readFileSync, writeFileSync } from 'node:fs';
import process from 'node:process';
import { describe, expect, test, vi } from 'vitest';
import { checkMessage } from '../../../../packages/slack-stand-in/src/limits/check-message.ts';
import { everyCard } from '../../../../src/slack/cards/samples/every-card.ts';
import { outgoing } from '../../../../src/slack/outbox/messages.ts';
import { worstCards } from './worst-cards.ts';
import { worstWatchCards } from './worst-watch-cards.ts';

vi.useFakeTimers({ now: new Date('2026-03-01T14:02:07Z') });
const ordinary = everyCard();
const worst = { ...worstCards(), ...worstWatchCards() };
vi.useRealTimers();

describe('a card looks as it did when somebody last read it', () => {
  test.each(Object.keys(ordinary))('%s', (name) => {
    const card = JSON.stringify(ordinary[name], null, 2);
    const path = new URL(`./golden/${name}.json`, import.meta.url);
    if (process.env.UPDATE_GOLDEN === '1') writeFileSync(path, `${card}\n`);

    expect(`${card}\n`).toBe(readFileSync(path, 'utf8'));
  });
});

describe('Slack takes every card', () => {
  test.each(Object.keys(ordinary))('%s', (name) => {
    expect(refusalOf(ordinary[name])).toBeUndefined();
  });

  test.each(Object.keys(worst))('at its worst: %s', (name) => {
    expect(refusalOf(worst[name])).toBeUndefined();
  });

  test.each(Object.keys(worst))('and it pings nobody: %s', (name) => {
    const card = sent(worst[name]);

    expect(mrkdwnOf(card).join('\n')).not.toMatch(/<!(?:channel|here|everyone)/);
    expect(mrkdwnOf(card).join('\n')).not.toMatch(/<@U0EVIL/);
  });

  test.each(Object.keys(worst))('and its text is short enough to be read out: %s', (name) => {
    expect(Buffer.byteLength(sent(worst[name]).text)).toBeLessThanOrEqual(3800);
  });
});

function sent(card: Parameters<typeof outgoing>[0] | undefined) {
  return outgoing(card ?? { text: '', blocks: [] }, (text) => text);
}

function refusalOf(card: Parameters<typeof outgoing>[0] | undefined) {
  const { text, blocks } = sent(card);
  return checkMessage({
    text,
    blocks: JSON.parse(JSON.stringify(blocks)),
    attachments: [],
    metadata: undefined,
  });
}

/** Every text that Slack parses. */
function mrkdwnOf({ text, blocks }: ReturnType<typeof outgoing>): readonly string[] {
  const found: string[] = [text];
  JSON.stringify(blocks, (_key, value: unknown) => {
    if (
      typeof value === 'object' &&
      value !== null &&
      'type' in value &&
      value.type === 'mrkdwn' &&
      'text' in value
    )
      found.push(String(value.text));
    return value;
  });
  return found;
}
