import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** What a process holds, as the kernel counts it. */
export interface ProcessCount {
  readonly rssMb: number;
  readonly descriptors: number;
  readonly sockets: number;
  readonly threads: number;
  readonly children: number;
}

export function countOf(pid: number): ProcessCount {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const number = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1]);
  const links = descriptorsOf(pid);
  return {
    rssMb: Math.round(number('VmRSS') / 1024),
    descriptors: links.length,
    sockets: links.filter((link) => link.startsWith('socket:')).length,
    threads: number('Threads'),
    children: readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).length,
  };
}

/** Files in a directory and below, whatever is beside them. */
export function filesIn(directory: string): readonly string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => `${entry.parentPath}/${entry.name}`);
}

function descriptorsOf(pid: number): readonly string[] {
  return readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
    try {
      return [readlinkSync(`/proc/${pid}/fd/${fd}`)];
    } catch {
      return [];
    }
  });
}
