import { realpath } from 'node:fs/promises';
import { botSessionName, joinAsWritten, writtenDirectories } from '../names.ts';
import { isInside } from '../write-file.ts';
import { type Complaint, complaintAt, type Located, quoted } from './complaint.ts';
import type { ProjectFile } from './project-file.ts';

/** What must be unique in the whole team: projects, and the names made of project and agent. */
export function checkNames(projects: readonly ProjectFile[], complaints: Complaint[]): void {
  checkProjectIds(projects, complaints);
  checkAgentNames(projects, complaints);
}

function checkProjectIds(projects: readonly ProjectFile[], complaints: Complaint[]): void {
  const seen = new Map<string, Located<string>>();
  for (const { project } of projects) {
    const first = seen.get(project.id.value);
    if (first === undefined) {
      seen.set(project.id.value, project.id);
      continue;
    }
    const found = `${quoted(project.id.value)}, as in ${first.place.file} line ${first.place.line}`;
    complaints.push(complaintAt(project.id.place, { found, expected: 'an id no other project has' }));
  }
}

/** `a-b:c` and `a:b-c` would share a session and an env file: either would be started, stopped and configured as the other. */
function checkAgentNames(projects: readonly ProjectFile[], complaints: Complaint[]): void {
  const taken = new Map<string, { readonly what: string; readonly project: string }>();
  for (const { project, managers } of projects) {
    for (const { key, value } of managers) {
      if (value.interfaces.telegram === undefined) continue;
      const what = `the Telegram bot of ${project.id.value}:${key.value}`;
      taken.set(botSessionName('', project.id.value, key.value), { what, project: '' });
    }
  }
  for (const { project, managers, workers } of projects) {
    for (const { key } of [...managers, ...workers]) {
      const name = `${project.id.value}-${key.value}`;
      const other = taken.get(name);
      if (other !== undefined && other.project !== project.id.value) {
        const found = `called ${quoted(name)} on the host, as is ${other.what}`;
        const fix = `Rename ${project.id.value}:${key.value}: sessions and env files are named <project>-<agent>.`;
        complaints.push(complaintAt(key.place, { found, expected: 'an agent with a name of its own', fix }));
      }
      if (other === undefined) {
        taken.set(name, { what: `${project.id.value}:${key.value}`, project: project.id.value });
      }
    }
  }
}

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
