import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { migrations } from '../../../journal/schema.ts';
import { userName } from '../../../supervisor/programs/user-name.ts';
import { stateDirectory } from '../facts.ts';
import { broken, type Check, type Finding, ok, skipped } from '../finding.ts';

export const journal: Check = {
  name: 'journal',
  run(examined) {
    const { uid } = examined;
    const directory = stateDirectory(examined);
    if (directory === undefined) return [skipped('the team first')];
    const path = join(directory, 'journal.db');
    const place = nearestExisting(directory);
    if (!mayWrite(place)) {
      return [
        broken(
          `${userName(uid)} may not write to ${place}, where the journal goes`,
          `chown ${userName(uid)} ${place}, or set MUSTER_STATE_DIR.`,
        ),
      ];
    }
    if (!existsSync(path)) return [ok(`none yet; the first start makes ${path}`)];
    return [...readable(directory, uid), look(path)];
  },
};

function look(path: string): Finding {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(path, { readOnly: true, timeout: 5000 });
    const version = Number(database.prepare('pragma user_version').get()?.user_version);
    if (version > migrations.length) {
      return broken(
        `${path} was written by a newer Muster (version ${version}; this one knows ${migrations.length})`,
        'Run that one, or move the file away to begin a new journal.',
      );
    }
    const words = String(database.prepare('pragma quick_check(1)').get()?.quick_check);
    if (words !== 'ok') throw new Error(words);
    const older = version < migrations.length ? ', which the next start brings up to date' : '';
    return ok(`${path} can be read, version ${version}${older}`);
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    return broken(
      `${path} cannot be used: ${words}`,
      'Move it away to begin a new one; what it held is then unknown.',
    );
  } finally {
    database?.close();
  }
}

/** It says who asked for what; and who may change it could make Muster believe anything. */
function readable(directory: string, uid: number): readonly Finding[] {
  const { mode, uid: owner } = statSync(join(directory, 'journal.db'));
  if (owner !== uid && uid !== 0) {
    return [
      broken(
        `it belongs to ${userName(owner)}`,
        `Run as ${userName(owner)}, or chown -R ${userName(uid)} ${directory}`,
      ),
    ];
  }
  const open = (mode & 0o022) !== 0 && (statSync(directory).mode & 0o011) !== 0;
  return open ? [broken('others on this host may change it', `chmod go-w ${directory}/journal.db*`)] : [];
}

function nearestExisting(path: string): string {
  return existsSync(path) ? path : nearestExisting(dirname(path));
}

function mayWrite(directory: string): boolean {
  try {
    accessSync(directory, constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
