import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { prompt } from '../../../../src/cli/terminal/prompt.ts';

const asked = (input: PassThrough) =>
  prompt(
    input as unknown as NodeJS.ReadStream,
    new PassThrough() as unknown as NodeJS.WriteStream,
    'Go on? ',
  );

test('the answer is a line, and nothing once the input has ended, however often one asks', async () => {
  const input = new PassThrough();
  const answer = asked(input);
  input.end('y\n');
  expect(await answer).toBe('y');

  input.resume();
  if (!input.readableEnded) await once(input, 'end');
  expect(await asked(input)).toBe('');
});
