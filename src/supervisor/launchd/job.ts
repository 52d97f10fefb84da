import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { AgentSpec } from '../../domain/agent.ts';
import { SupervisorError } from '../supervisor.ts';

/** What launchd knows an agent by, and where its files are. */
export interface Job {
  readonly label: string;
  readonly plist: string;
  /** All that the agent prints. */
  readonly log: string;
}

/** Labels of two agents differ, also where the file system takes upper for lower case, and so do those of one agent in two teams. */
export function jobOf(root: string, { project, agent }: Pick<AgentSpec, 'project' | 'agent'>): Job {
  const name = `muster.${shortHash(root)}.${safe(project)}.${safe(agent)}`;
  const label = /[A-Z]/.test(name) ? `${name}.${shortHash(name)}` : name;
  const folder = join(root, 'state', 'muster', 'launchd');
  return { label, plist: join(folder, `${label}.plist`), log: join(folder, `${label}.log`) };
}

function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8);
}

/** Ids are safe as they are; those of a snapshot that somebody else wrote need not be. */
function safe(name: string): string {
  return name.replace(/[^A-Za-z0-9_-]/g, (character) => `~${character.charCodeAt(0).toString(16)}~`);
}

export type PlistValue =
  | string
  | number
  | boolean
  | readonly PlistValue[]
  | { readonly [key: string]: PlistValue };

export interface JobDescription {
  readonly job: Job;
  readonly program: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** How long launchd waits before it kills, when somebody else than us stops the job. */
  readonly budgetMs: number;
}

/** What launchd is told of an agent. Only a job that did not exit with 0 is started again, and not within 10 s. */
export function jobPlist({ job, program, cwd, env, budgetMs }: JobDescription): string {
  return plistText({
    Label: job.label,
    ProgramArguments: program,
    WorkingDirectory: cwd,
    EnvironmentVariables: carried(env),
    StandardOutPath: job.log,
    StandardErrorPath: job.log,
    RunAtLoad: true,
    KeepAlive: { SuccessfulExit: false },
    ThrottleInterval: 10,
    ExitTimeOut: exitTimeOut(budgetMs),
    ProcessType: 'Interactive',
    LimitLoadToSessionType: ['Aqua', 'Background'],
  });
}

/** launchd counts in whole seconds and takes 0 for infinity: the shortest that can be said is one second. */
export function exitTimeOut(budgetMs: number): number {
  return Math.max(1, Math.ceil(budgetMs / 1000));
}

export function plistText(value: PlistValue): string {
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">',
    `<plist version="1.0">${element(value)}</plist>\n`,
  ].join('\n');
}

function element(value: PlistValue): string {
  if (typeof value === 'string') return `<string>${escapeXml(value)}</string>`;
  if (typeof value === 'number') return `<integer>${value}</integer>`;
  if (typeof value === 'boolean') return value ? '<true/>' : '<false/>';
  if (isList(value)) return `<array>${value.map(element).join('')}</array>`;
  const entries = Object.entries(value).map(
    ([key, entry]) => `<key>${escapeXml(key)}</key>${element(entry)}`,
  );
  return `<dict>\n${entries.join('\n')}\n</dict>`;
}

function isList(value: PlistValue): value is readonly PlistValue[] {
  return Array.isArray(value);
}

/** A carriage return is written by its number, because a reader of XML would make a line feed of it. */
function escapeXml(text: string): string {
  if (!fitsXml(text))
    throw new SupervisorError(`a property list cannot hold ${JSON.stringify(text)}: a control character`);
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('\r', '&#13;');
}

export function fitsXml(text: string): boolean {
  return text.isWellFormed() && !/[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/.test(text);
}

/** Of the host's environment; a prompt with colours in it, which XML cannot hold, is no loss to an agent. */
function carried(env: JobDescription['env']): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).filter(
      (entry): entry is [string, string] =>
        entry[1] !== undefined && entry.every((text) => fitsXml(text ?? '')),
    ),
  );
}
