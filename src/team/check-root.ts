import { realpath } from 'node:fs/promises';
import { type Complaint, complaintAt, quoted } from './complaint.ts';
import { joinAsWritten, writtenDirectories } from './names.ts';
import { isInside } from './write-file.ts';

/** What must hold of the root itself, whatever its files say. A link out of it would have files written anywhere. */
export async function checkRoot(root: string, complaints: Complaint[]): Promise<void> {
  const place = { file: 'team-compose.yaml', line: 1, column: 1, path: '' };
  if (/[\n\0]/.test(root)) {
    const found = `in the directory ${quoted(root)}`;
    complaints.push(complaintAt(place, { found, expected: 'in one whose path has no line break' }));
  }
  for (const directory of writtenDirectories) {
    const real = await realpath(joinAsWritten(root, directory)).catch(() => undefined);
    if (real === undefined || isInside(root, real)) continue;
    const found = `a link to ${quoted(real)}, outside the team`;
    const fix = `Replace ${joinAsWritten(root, directory)} by a directory.`;
    complaints.push(
      complaintAt({ ...place, path: `${directory}/` }, { found, expected: 'a directory', fix }),
    );
  }
}
