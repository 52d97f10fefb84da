import { expect, it } from 'vitest';
import { createControlReader } from '../../../src/supervisor/tmux-control-lines.ts';

function heard(...pieces: string[]): unknown[] {
  const all: unknown[] = [];
  const read = createControlReader({
    onAttached: (session) => all.push(`attached ${session}`),
    onReply: (reply) => all.push(reply),
    onWindowClosed: (id) => all.push(`closed ${id}`),
    onWindowsChanged: () => all.push('changed'),
  });
  for (const piece of pieces) read(piece);
  return all;
}

it('replies to our own commands are told, others are not', () => {
  expect(heard('%begin 1 5 0\nnoise\n%end 1 5 0\n%begin 1 6 1\na\nb\n%end 1 6 1\n')).toEqual([
    { isError: false, output: 'a\nb' },
  ]);
  expect(heard('%begin 1 6 1\nno such window\n%error 1 6 1\n')).toEqual([
    { isError: true, output: 'no such window' },
  ]);
});

it('what an agent was started with cannot end a reply, nor look like an event', () => {
  expect(heard('%begin 1 6 1\n%end 1 5 1\n%unlinked-window-close @1\n%end 1 6 1\n')).toEqual([
    { isError: false, output: '%end 1 5 1\n%unlinked-window-close @1' },
  ]);
});

it('events are told, whatever pieces they come in', () => {
  expect(
    heard('%session-changed $1 __mus', 'ter-1\n%unlinked-window-cl', 'ose @7\n', '%sessions-changed\n'),
  ).toEqual(['attached __muster-1', 'closed @7', 'changed']);
});
