import { readdir } from 'node:fs/promises';
import { readRegular, UnreadableFileError } from '../bounded-read.ts';
import { joinAsWritten } from '../names.ts';
import type { Runtime } from '../team.ts';
import { type Complaint, complaintAt, type Place, quoted } from './complaint.ts';
import { type ComposeFile, readComposeFile } from './compose-file.ts';
import { type ProjectFile, readProjectFile } from './project-file.ts';
import { builtInRuntimes, readRuntimeFile } from './runtime-file.ts';
import { LARGEST_FILE_BYTES, parseYaml } from './yaml-document.ts';
import { broken, type Reader, readDocument } from './yaml-reader.ts';

/** What could be read of a team's files. */
export interface TeamFiles {
  readonly composeBytes: Uint8Array;
  readonly compose: ComposeFile | undefined;
  /** Those that could be read, in the order of the compose file. */
  readonly projects: readonly ProjectFile[];
  readonly runtimes: ReadonlyMap<string, Runtime>;
}

/** Reads everything there is, also behind a file that is broken; complaints and warnings go to `complaints`. */
export async function readTeamFiles(root: string, complaints: Complaint[]): Promise<TeamFiles> {
  const file = 'team-compose.yaml';
  const start: Place = { file, line: 1, column: 1, path: '' };
  const composeBytes = await readBytes(joinAsWritten(root, file));
  if (typeof composeBytes === 'string') {
    complaints.push(complaintAt(start, { found: composeBytes, expected: `a readable file in ${root}` }));
  }
  const bytes = typeof composeBytes === 'string' ? new Uint8Array() : composeBytes;
  const compose =
    typeof composeBytes === 'string' ? undefined : parsed(file, bytes, readComposeFile, complaints);

  const projects: ProjectFile[] = [];
  for (const listed of compose?.projects ?? []) {
    const { value: name, place } = listed.file;
    const content = await readBytes(joinAsWritten(root, name));
    if (typeof content === 'string') {
      const expected = `the path of a project's file, relative to ${file}`;
      complaints.push(complaintAt(place, { found: `${quoted(name)}, which is ${content}`, expected }));
      continue;
    }
    const project = parsed(name, content, readProjectFile, complaints);
    if (project !== undefined) projects.push(project);
  }
  return { composeBytes: bytes, compose, projects, runtimes: await readRuntimes(root, complaints) };
}

/** A broken file still declares its name: the agents that use it are not to blame. */
async function readRuntimes(root: string, complaints: Complaint[]): Promise<ReadonlyMap<string, Runtime>> {
  const runtimes = new Map(builtInRuntimes.map((runtime) => [runtime.name, runtime]));
  const names = await readdir(joinAsWritten(root, 'runtimes')).catch(() => []);
  for (const name of names.filter((entry) => entry.endsWith('.yaml')).sort()) {
    const file = `runtimes/${name}`;
    const stem = name.slice(0, -'.yaml'.length);
    const content = await readBytes(joinAsWritten(root, file));
    if (typeof content === 'string') {
      const place: Place = { file, line: 1, column: 1, path: '' };
      complaints.push(
        complaintAt(place, { found: content, expected: 'a readable file, or not there at all' }),
      );
    }
    const read = typeof content === 'string' ? undefined : parsed(file, content, readRuntimeFile, complaints);
    const drain = read?.drain;
    runtimes.set(stem, { name: stem, binary: read?.binary.value ?? stem, ...(drain && { drain }) });
  }
  return runtimes;
}

function parsed<T>(file: string, bytes: Uint8Array, read: Reader<T>, complaints: Complaint[]): T | undefined {
  const document = parseYaml(file, bytes);
  if ('severity' in document) {
    complaints.push(document);
    return undefined;
  }
  const value = readDocument(document, read, complaints);
  return value === broken ? undefined : value;
}

/** The file's content, or what is wrong with it. */
async function readBytes(path: string): Promise<Uint8Array | string> {
  try {
    return (await readRegular(path, LARGEST_FILE_BYTES, 'followed'))?.bytes ?? 'missing';
  } catch (error) {
    if (error instanceof UnreadableFileError) return error.found;
    throw error;
  }
}
