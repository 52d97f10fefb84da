import { PassThrough } from 'node:stream';
import type { ReadStream } from 'node:tty';
import { expect, test } from 'vitest';
import { onInterrupt } from '../../../../src/cli/terminal/interrupts.ts';

function keyboard() {
  const modes: boolean[] = [];
  const setRawMode = (raw: boolean) => void modes.push(raw);
  const input = Object.assign(new PassThrough(), { isTTY: true, setRawMode });
  return { input, modes, read: input as unknown as ReadStream };
}

test('each Ctrl-C is one interrupt, every other key is none, and in the end the keyboard is as it was', () => {
  const { input, modes, read } = keyboard();
  let interrupts = 0;

  const stop = onInterrupt(read, () => (interrupts += 1), true);
  for (const keys of ['q', '\u0003', 'c\r', '\u001a', '\u0003']) input.emit('data', Buffer.from(keys));
  expect(interrupts).toBe(2);
  expect(modes).toEqual([true]);

  stop();
  input.emit('data', Buffer.from('\u0003'));
  expect(interrupts).toBe(2);
  expect(modes).toEqual([true, false]);
});

test('from the background the keyboard is left alone: whoever touches it there is stopped', () => {
  const { input, modes, read } = keyboard();

  const stop = onInterrupt(read, () => undefined, false);
  stop();

  expect(modes).toEqual([]);
  expect(input.listenerCount('data')).toBe(0);
});
