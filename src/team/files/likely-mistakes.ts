import { stat } from 'node:fs/promises';
import { joinAsWritten } from '../names.ts';
import { longestRolePrompt } from '../reload/fingerprint.ts';
import type { Runtime } from '../team.ts';
import { type Complaint, complaintAt, type Located, quoted } from './complaint.ts';
import type { ProjectFile } from './project-file.ts';

/** Where agents live: what they refer to is looked for from here. */
export interface Surroundings {
  readonly root: string;
  /** Whether agents could start it; without it runtimes are not looked for. */
  readonly hasProgram?: ((program: string) => Promise<boolean>) | undefined;
}

/** What is likely wrong but hurts nobody: warnings only, because whoever wrote it may be about to make the file. */
export async function likelyMistakes(
  projects: readonly ProjectFile[],
  runtimes: ReadonlyMap<string, Runtime>,
  { root, hasProgram }: Surroundings,
): Promise<readonly Complaint[]> {
  const warnings: Complaint[] = [];
  const warn = ({ place }: Located<string>, found: string, expected: string) =>
    warnings.push(complaintAt(place, { found, expected }, 'warning'));

  for (const { project, managers, workers } of projects) {
    const { cwd } = project;
    if (!(await isA('directory', joinAsWritten(root, cwd.value)))) {
      warn(
        cwd,
        `${quoted(cwd.value)}, which is not there`,
        `a directory (a relative one is sought in ${root})`,
      );
    }
    for (const { value: agent } of [...managers, ...workers]) {
      const { role_prompt: prompt, runtime } = agent;
      const trouble = prompt && (await troubleWithPrompt(joinAsWritten(root, prompt.value)));
      if (prompt !== undefined && trouble !== undefined) {
        warn(prompt, `${quoted(prompt.value)}, which is ${trouble}`, `a file (sought in ${root})`);
      }
      const binary = runtimes.get(runtime.value)?.binary;
      if (hasProgram !== undefined && binary !== undefined && !(await hasProgram(binary))) {
        const found = `${quoted(runtime.value)}, whose program ${quoted(binary)} is not there`;
        warn(runtime, found, 'one that is installed for the user the agents run as');
      }
    }
  }
  return warnings;
}

/** Agents whose prompt cannot be read are started without one. */
async function troubleWithPrompt(path: string): Promise<string | undefined> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) return 'not there';
  if (!found.isFile()) return 'no file';
  return found.size > longestRolePrompt
    ? `${found.size} bytes long, over the limit of ${longestRolePrompt / 1024} KiB`
    : undefined;
}

async function isA(kind: 'file' | 'directory', path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return (kind === 'file' ? found?.isFile() : found?.isDirectory()) ?? false;
}
