import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { openTerminal, type Terminal } from '../../../../src/cli/terminal/prompt.ts';

function terminal(isTTY: boolean): { terminal: Terminal; input: PassThrough; printed: () => string } {
  const input = Object.assign(new PassThrough(), { isTTY, setRawMode: () => undefined });
  const output = new PassThrough();
  let printed = '';
  output.on('data', (chunk: Buffer) => {
    printed += chunk.toString();
  });
  return {
    terminal: openTerminal(input as unknown as NodeJS.ReadStream, output as unknown as NodeJS.WriteStream),
    input,
    printed: () => printed,
  };
}

test('lines that come before they are asked for wait for their question', async () => {
  const { terminal: person, input } = terminal(false);
  input.write('one\ntwo\n three \n');

  const answers = [await person.ask('1'), await person.ask('2', { hidden: true }), await person.ask('3')];

  expect(answers).toEqual(['one', 'two', 'three']);
});

test('what is typed at a hidden question is not printed, and what is typed at the next one is', async () => {
  const { terminal: person, input, printed } = terminal(true);
  const secret = person.ask('token > ', { hidden: true });
  input.write('xoxb-canary\r');
  expect(await secret).toBe('xoxb-canary');
  const open = person.ask('channel > ');
  input.write('C0123\r');

  expect(await open).toBe('C0123');
  expect(printed()).toContain('token > \n');
  expect(printed()).toContain('C0123');
  expect(printed()).not.toContain('canary');
});

test('the arrow up at a later question does not bring a hidden answer back', async () => {
  const { terminal: person, input, printed } = terminal(true);
  const secret = person.ask('token > ', { hidden: true });
  input.write('xoxb-canary\r');
  await secret;
  const next = person.ask('channel > ');
  input.write('\u001b[A\r');

  expect(await next).toBe('');
  expect(printed()).not.toContain('canary');
});

test('an input that ends in the middle says that nothing was written', async () => {
  const { terminal: person, input } = terminal(false);
  const asked = person.ask('1');
  input.end();

  await expect(asked).rejects.toThrow('The input has ended. Nothing was written.');
  await expect(person.ask('2')).rejects.toThrow('Nothing was written.');
});
