import { chownSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { barOutsiders } from '../../../../src/supervisor/tmux/owner.ts';
import { atSocket } from '../../../../src/supervisor/tmux/socket.ts';

const isRoot = process.getuid?.() === 0;
const theirs = 31_001;
const target = { pid: 1, ppid: 0, sid: 1, startTime: '1', state: 'S', name: 'any' };

describe.skipIf(!isRoot)(
  `who may be signalled for a tmux server${isRoot ? '' : ' (skipped: only root can be two users)'}`,
  () => {
    let directory: string;
    const servers: Server[] = [];

    beforeEach(() => {
      directory = realpathSync(mkdtempSync(join(tmpdir(), 'muster-owner-')));
    });

    afterEach(async () => {
      for (const server of servers.splice(0)) await new Promise((closed) => server.close(closed));
      rmSync(directory, { recursive: true, force: true });
    });

    async function socketOf(user: number, path: string): Promise<string> {
      const socket = join(directory, path);
      const server = createServer().listen(socket);
      servers.push(server);
      await new Promise((listening) => server.on('listening', listening));
      chownSync(socket, user, user);
      return socket;
    }

    function directoryOf(user: number, path: string): void {
      mkdirSync(join(directory, path));
      chownSync(join(directory, path), user, user);
    }

    const barAt = (socket: string, uid: number | undefined) =>
      barOutsiders(atSocket({}, socket), async () => uid)(target);

    it('is what belongs to the user whose server it is, and nobody else', async () => {
      directoryOf(theirs, 'run');
      const socket = await socketOf(theirs, 'run/tmux');

      expect(await barAt(socket, theirs)).toBeUndefined();
      expect(await barAt(socket, undefined)).toBeUndefined();
      for (const uid of [0, 31_002]) {
        expect(await barAt(socket, uid)).toBe(
          `it belongs to user ${uid}, and the tmux server at ${socket} to user ${theirs}`,
        );
      }
    });

    it('is the same where that server has ended and taken its socket along', async () => {
      directoryOf(theirs, 'run');

      expect(await barAt(join(directory, 'run/tmux'), theirs)).toBeUndefined();
      expect(await barAt(join(directory, 'run/tmux'), 0)).toContain('belongs to user 0');
    });

    it('is anybody’s for root on a server of its own', async () => {
      const socket = await socketOf(0, 'tmux');

      expect(await barAt(socket, theirs)).toBeUndefined();
      expect(await barOutsiders({ TMUX_TMPDIR: directory }, async () => theirs)(target)).toBeUndefined();
    });

    it('is nobody where that user could have led us to another’s socket', async () => {
      await socketOf(0, 'roots');
      directoryOf(theirs, 'home');
      symlinkSync(directory, join(directory, 'home/run'));

      const socket = join(directory, 'home/run/roots');
      for (const uid of [0, theirs]) {
        expect(await barAt(socket, uid)).toBe(`nobody can tell whose the tmux server at ${socket} is`);
      }
    });

    it('is nobody where a third user keeps the directory of the socket', async () => {
      directoryOf(theirs, 'home');
      directoryOf(31_002, 'home/run');
      const socket = await socketOf(theirs, 'home/run/tmux');

      expect(await barAt(socket, theirs)).toContain('nobody can tell');
    });
  },
);
