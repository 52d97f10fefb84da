import { describe, expect, it } from 'vitest';
import { parsePanes } from '../../../../src/supervisor/tmux/panes.ts';
import { atSocket, socketPath } from '../../../../src/supervisor/tmux/socket.ts';
import { literally, toArguments } from '../../../../src/supervisor/tmux/tmux.ts';

describe('what tmux is told', () => {
  it('joins commands with the separator that tmux knows', () => {
    expect(toArguments([['new-session', '-d'], ['list-panes']])).toEqual([
      'new-session',
      '-d',
      ';',
      'list-panes',
    ]);
  });

  it.each([
    ['plain', 'plain'],
    ['tail;', 'tail\\;'],
    [';', '\\;'],
    ['a;b', 'a;b'],
    ['back\\;', 'back\\\\;'],
  ])('an argument %s does not end the command', (argument, expected) => {
    expect(toArguments([['x', argument]])).toEqual(['x', expected]);
  });

  it('a path with # is no format', () => {
    expect(literally('/src/C#Projects/#(touch x)')).toBe('/src/C##Projects/##(touch x)');
  });

  it('the server is the one we are inside of, else the user’s own in TMUX_TMPDIR, else in /tmp', () => {
    const uid = process.getuid?.();

    expect(socketPath({ TMUX: '/run/t/default,12,0', TMUX_TMPDIR: '/var' })).toBe('/run/t/default');
    expect(socketPath({ TMUX_TMPDIR: '/usr' })).toBe(`/usr/tmux-${uid}/default`);
    expect(socketPath({ TMUX_TMPDIR: '/no/such/directory' })).toMatch(/\/tmp\/tmux-\d+\/default$/);
    expect(socketPath({})).toMatch(/\/tmp\/tmux-\d+\/default$/);
  });

  it('a socket that is named goes before the server we are inside of', () => {
    const env = { TMUX: '/run/t/default,12,0' };

    expect(socketPath(atSocket(env, '/run/muster-agents/tmux'))).toBe('/run/muster-agents/tmux');
    expect(atSocket(env, undefined)).toBe(env);
  });
});

describe('what tmux answers', () => {
  it('is one pane a line', () => {
    expect(parsePanes('77\t$1\t@2\t%3\t99\t1\tt-shop-dev\tsh -c "x\ty"\n')).toEqual([
      {
        serverPid: 77,
        sessionId: '$1',
        windowId: '@2',
        id: '%3',
        pid: 99,
        dead: true,
        session: 't-shop-dev',
        command: 'sh -c "x\ty"',
      },
    ]);
  });

  it('may hold a command of several lines, and may be empty', () => {
    expect(
      parsePanes('77\t$1\t@2\t%3\t99\t0\ta\tsh -c "one\ntwo\tthree"\n77\t$2\t@3\t%4\t98\t0\tb\t'),
    ).toHaveLength(2);
    expect(parsePanes('')).toEqual([]);
  });
});
