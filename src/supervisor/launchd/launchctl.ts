import { runInTime } from '../programs/run-in-time.ts';

export type LaunchctlAnswer =
  | { readonly kind: 'done'; readonly output: string }
  /** launchd said no. */
  | { readonly kind: 'refused'; readonly code: number; readonly reason: string }
  /** launchd could not be asked. */
  | { readonly kind: 'unknown'; readonly reason: string };

export type Launchctl = (args: readonly string[], timeoutMs?: number) => Promise<LaunchctlAnswer>;

/** Exit codes of launchctl that have a meaning for us; most are errno's. */
export const launchctlCode = {
  noSuchProcess: 3,
  /** Also: the label is there already, or has not quite gone yet. */
  inputOutput: 5,
  /** It is being done, and takes a while. */
  inProgress: 36,
  already: 37,
  noSuchDomain: 112,
  noSuchService: 113,
  domainUnsupported: 125,
} as const;

/** The one door to launchctl. `env` decides where it is found. */
export function createLaunchctl(
  env: Readonly<Record<string, string | undefined>>,
  timeoutMs: number,
): Launchctl {
  return async (args, limitMs = timeoutMs) => {
    const ran = await runInTime('launchctl', args, { env, limitMs, verb: `launchctl ${args[0]}` });
    if (ran.kind !== 'failed') return ran;
    return { kind: 'refused', code: ran.code, reason: ran.reason.replaceAll('\n', ' ') };
  };
}

/** One line of a domain's services. */
export interface ListedJob {
  /** Of the leading process, while there is one. */
  readonly pid?: number;
  /** The status of its last exit as launchd prints it; `-` before the first. */
  readonly lastStatus: string;
}

export type JobListing =
  | { readonly kind: 'jobs'; readonly jobs: ReadonlyMap<string, ListedJob> }
  | { readonly kind: 'unknown'; readonly reason: string };

/** Every job of the domain, by label, at the price of one question. */
export async function listJobs(
  launchctl: Launchctl,
  domain: string,
  timeoutMs?: number,
): Promise<JobListing> {
  const answer = await launchctl(['print', domain], timeoutMs);
  if (answer.kind === 'unknown') return answer;
  if (answer.kind === 'refused') {
    const isMissing =
      answer.code === launchctlCode.noSuchDomain || answer.code === launchctlCode.domainUnsupported;
    const hint = isMissing ? ` (is this user logged in at the screen of this Mac?)` : '';
    return { kind: 'unknown', reason: `${answer.reason}${hint}` };
  }
  const jobs = parseServices(answer.output);
  return jobs
    ? { kind: 'jobs', jobs }
    : { kind: 'unknown', reason: `launchctl print ${domain} said nothing of services` };
}

/** `PID STATUS LABEL` a line, PID 0 for none, in the block `services` of the domain; nothing if there is no such block. */
export function parseServices(output: string): ReadonlyMap<string, ListedJob> | undefined {
  const lines = output.split('\n');
  const start = lines.indexOf('\tservices = {');
  if (start < 0) return undefined;
  const jobs = new Map<string, ListedJob>();
  for (const line of lines.slice(start + 1)) {
    if (line === '\t}') return jobs;
    const [, pid, lastStatus = '-', label = ''] = /^\s+(\d+|-)\s+(\S+)\s+(\S.*)$/.exec(line) ?? [];
    if (pid !== undefined) jobs.set(label, { ...(Number(pid) > 0 ? { pid: Number(pid) } : {}), lastStatus });
  }
  return undefined;
}

/** What launchd has to say about a job that does not come up, for people; only the outermost lines, the others are of something else. */
export function describeService(output: string): string {
  const said = output.split('\n').flatMap((line) => {
    const [, name, value] = /^\t([a-z ]+) = ([^{]+)$/.exec(line) ?? [];
    return name && telling.has(name) ? [`${name} ${value}`] : [];
  });
  return said.join(', ');
}

const telling = new Set([
  'state',
  'job state',
  'last exit code',
  'last terminating signal',
  'last exit reason',
]);
