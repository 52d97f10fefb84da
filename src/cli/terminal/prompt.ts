import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';

/** The person went away in the middle; nothing was written. */
export class InputEndedError extends Error {
  override readonly name = 'InputEndedError';
}

export interface Terminal {
  say(text: string): void;
  /** One line. `hidden`: what is typed or pasted is not shown, and stays in no history. */
  ask(question: string, options?: { readonly hidden: boolean }): Promise<string>;
  close(): void;
}

/** Lines that come faster than they are asked for, as from a pipe or in a paste, wait for their question. */
export function openTerminal(input: NodeJS.ReadStream, output: NodeJS.WriteStream): Terminal {
  let isHidden = false;
  let hasEnded = false;
  const waiting: string[] = [];
  let next: { readonly take: (line: string) => void; readonly giveUp: (error: Error) => void } | undefined;
  const shown = new Writable({
    write(chunk, _encoding, done) {
      if (!isHidden) output.write(chunk);
      done();
    },
  });
  const lines = createInterface({ input, output: shown, terminal: input.isTTY, historySize: 0 });
  lines.on('line', (line) => {
    const asker = next;
    next = undefined;
    if (asker === undefined) waiting.push(line);
    else asker.take(line);
  });
  lines.on('close', () => {
    hasEnded = true;
    next?.giveUp(ended());
  });

  return {
    say: (text) => void output.write(`${text}\n`),
    async ask(question, { hidden } = { hidden: false }) {
      if (hidden) output.write(question);
      else if (!hasEnded) {
        lines.setPrompt(question);
        lines.prompt();
      }
      isHidden = hidden;
      try {
        return (waiting.shift() ?? (await line())).trim();
      } finally {
        isHidden = false;
        if (hidden) output.write('\n');
      }
    },
    close: () => lines.close(),
  };

  function line(): Promise<string> {
    if (hasEnded) return Promise.reject(ended());
    return new Promise((resolve, reject) => {
      next = { take: resolve, giveUp: reject };
    });
  }
}

function ended(): InputEndedError {
  return new InputEndedError('The input has ended. Nothing was written.');
}

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
