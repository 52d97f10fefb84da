import { createInterface } from 'node:readline';

/** One line of the person's; empty when they go away, by Ctrl-C or Ctrl-D. */
export function prompt(
  input: NodeJS.ReadStream,
  output: NodeJS.WriteStream,
  question: string,
): Promise<string> {
  if (input.readableEnded) return Promise.resolve('');
  const lines = createInterface({ input, output, historySize: 0 });
  return new Promise((resolve) => {
    lines.question(question, (answer) => {
      resolve(answer);
      lines.close();
    });
    lines.on('SIGINT', () => lines.close());
    lines.on('close', () => resolve(''));
  });
}
