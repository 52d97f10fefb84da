import { statSync } from 'node:fs';
import { dirname } from 'node:path';
import { userName } from '../../../supervisor/programs/user-name.ts';
import type { Examined } from '../facts.ts';
import { broken, type Check, type Finding, ok } from '../finding.ts';

/** Who else could read the tokens, or say who is an operator. */
export const envFile: Check = {
  name: '.env',
  run({ envFile: { path, values, unreadable }, uid }: Examined): readonly Finding[] {
    if (unreadable !== undefined) {
      return [
        broken(
          `${path} cannot be read (${unreadable})`,
          `As its owner: chmod 600 ${path}; or run as its owner.`,
        ),
      ];
    }
    if (values === undefined)
      return [ok(`there is none in ${dirname(path)}; the settings come from elsewhere`)];
    const { mode, uid: owner } = statSync(path);
    const findings: Finding[] = [];
    if ((mode & 0o077) !== 0) {
      const others = (mode & 0o007) !== 0 ? 'everybody on this host' : 'its whole group';
      const may = (mode & 0o022) !== 0 ? 'read and change' : 'read';
      findings.push(
        broken(
          `${others} may ${may} it (mode ${octal(mode)}), tokens included`,
          `chmod 600 ${path}; if others use this host, issue new tokens as well.`,
        ),
      );
    }
    if (!isTrusted(owner, uid)) {
      findings.push(
        broken(
          `it belongs to ${userName(owner)}, who can say in it who is an operator`,
          `chown ${userName(uid)} ${path}`,
        ),
      );
    }
    findings.push(...directoryFindings(dirname(path), uid));
    return findings.length > 0 ? findings : [ok(`only ${userName(uid)} may read it (mode ${octal(mode)})`)];
  },
};

/** Who may write to the directory may put another file in its place. */
function directoryFindings(directory: string, uid: number): readonly Finding[] {
  const { mode, uid: owner } = statSync(directory);
  if (!isTrusted(owner, uid)) {
    const found = `its directory ${directory} belongs to ${userName(owner)}, who can put another in its place`;
    return [broken(found, `chown ${userName(uid)} ${directory}, or keep .env and Muster elsewhere.`)];
  }
  if ((mode & 0o022) === 0 || (mode & 0o1000) !== 0) return [];
  const found = `others may write to its directory ${directory} (mode ${octal(mode)}), and so replace it`;
  return [broken(found, `chmod go-w ${directory}`)];
}

function isTrusted(owner: number, uid: number): boolean {
  return owner === uid || owner === 0;
}

function octal(mode: number): string {
  return (mode & 0o7777).toString(8).padStart(4, '0');
}
