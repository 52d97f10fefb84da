import { readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import process from 'node:process';

/** The name of a user, as far as this host's own list has it; else the number. */
export function userName(uid: number): string {
  if (uid === process.getuid?.()) return ownName() ?? String(uid);
  const line = listed().find((entry) => entry[2] === String(uid));
  return line?.[0] ?? String(uid);
}

/** A user may be on no list at all, as in a container. */
function ownName(): string | undefined {
  try {
    return userInfo().username;
  } catch {
    return undefined;
  }
}

function listed(): readonly (readonly string[])[] {
  try {
    return readFileSync('/etc/passwd', 'utf8')
      .split('\n')
      .map((line) => line.split(':'));
  } catch {
    return [];
  }
}
