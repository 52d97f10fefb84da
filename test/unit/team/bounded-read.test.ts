import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openRegular, readRegular, readRegularSync } from '../../../src/team/bounded-read.ts';
import { everyPlant, lay, type Plant } from '../../fakes/team/plants.ts';
import { temporaryDirectory } from './loaded-team.ts';

const found: Readonly<Record<Plant, { refused: string | undefined; followed: string | undefined }>> = {
  'a directory': { refused: 'a directory', followed: 'a directory' },
  'a named pipe': { refused: 'a named pipe', followed: 'a named pipe' },
  'a link to a named pipe': { refused: 'a link', followed: 'a named pipe' },
  'a link to a directory': { refused: 'a link', followed: 'a directory' },
  'a link to nowhere': { refused: 'a link', followed: undefined },
  'a link to itself': { refused: 'a link', followed: 'a link that leads back to itself' },
  'a link to a device that never ends': { refused: 'a link', followed: 'a device' },
  'a file of 1.5 GB': {
    refused: '1572864000 bytes long, over the limit of 1 KiB',
    followed: '1572864000 bytes long, over the limit of 1 KiB',
  },
  'an empty file from the future': { refused: undefined, followed: undefined },
  'a file for nobody, full of letters':
    process.getuid?.() === 0
      ? { refused: undefined, followed: undefined }
      : { refused: 'not to be read (EACCES)', followed: 'not to be read (EACCES)' },
};

describe('a file that others can write', () => {
  test.each(everyPlant)('is refused at once, with what lies there, if it is %s', async (plant) => {
    const path = join(temporaryDirectory(), 'file');
    lay(plant, path);
    const { refused, followed } = found[plant];
    const outcome = async (read: () => unknown) => {
      try {
        await read();
        return undefined;
      } catch (error) {
        expect((error as Error).message).toMatch(`${path} is `);
        expect((error as Error).message).toMatch(
          '; expected a regular file: remove it, or put one in its place',
        );
        return (error as { found: string }).found;
      }
    };

    expect(await outcome(() => readRegularSync(path, 1024))).toBe(refused);
    expect(await outcome(() => readRegular(path, 1024, 'refused'))).toBe(refused);
    expect(await outcome(() => readRegular(path, 1024, 'followed'))).toBe(followed);
  });

  test('is read whole, also behind a link where links are followed', async () => {
    const directory = temporaryDirectory();
    const path = join(directory, 'file');
    writeFileSync(path, 'x'.repeat(1024));
    symlinkSync(path, join(directory, 'link'));

    expect(readRegularSync(path, 1024)?.bytes.toString()).toBe('x'.repeat(1024));
    expect((await readRegular(path, 1024, 'refused'))?.bytes.toString()).toBe('x'.repeat(1024));
    expect((await readRegular(join(directory, 'link'), 1024, 'followed'))?.bytes).toHaveLength(1024);
  });

  test('is no failure if it is not there', async () => {
    const path = join(temporaryDirectory(), 'gone/file');

    expect(readRegularSync(path, 1)).toBeUndefined();
    expect(await readRegular(path, 1, 'refused')).toBeUndefined();
    expect(await openRegular(path, 'followed')).toBeUndefined();
  });

  test('cannot be read below what is no directory, and that is said', () => {
    const directory = temporaryDirectory();
    writeFileSync(join(directory, 'ends'), '');

    expect(() => readRegularSync(join(directory, 'ends/shop-pay'), 1)).toThrow('not to be read (ENOTDIR)');
  });
});
