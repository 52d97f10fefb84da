import { isSeq } from 'yaml';
import { type Complaint, checkEnvValue, complaintAt, eitherOf, type Located, quoted } from './complaint.ts';
import { mapOf, struct } from './yaml-maps.ts';
import {
  type Broken,
  isNothing,
  listOf,
  oneOf,
  optional,
  type Reader,
  text,
  u32,
  withDefault,
} from './yaml-reader.ts';

/** What must hold within one project besides the shape of its file. */
export function checkProject(
  file: ProjectFile,
  runtimes: ReadonlySet<string>,
  complaints: Complaint[],
): void {
  const { project, channels, managers, workers } = file;
  const agentNames = new Set([...managers, ...workers].map(({ key }) => key.value));
  const channelNames = new Set(channels.map(({ name }) => name.value));
  const refuse = ({ value, place }: Located<string>, expected: string) =>
    complaints.push(complaintAt(place, { found: quoted(value), expected }));

  checkId(project.id, complaints);
  checkEnvValue(project.cwd, complaints);
  checkTwofoldAgents(file, complaints);
  for (const { members } of channels) {
    if (members === 'everybody') continue;
    for (const member of members) {
      if (!agentNames.has(member.value)) refuse(member, `an agent of this project${named(agentNames)}`);
    }
  }
  for (const entry of managers) checkAgent(entry, 'manager');
  for (const entry of workers) checkAgent(entry, 'worker');
  checkReportingLines(managers, complaints);

  function checkAgent({ key, value: agent }: AgentEntry, role: 'manager' | 'worker'): void {
    checkId(key, complaints);
    const { model, role_prompt, permission_mode, reports_to, interfaces, runtime } = agent;
    for (const value of [runtime, model, role_prompt, permission_mode]) checkEnvValue(value, complaints);
    if (interfaces.telegram !== undefined && role === 'worker') {
      const place = { ...key.place, path: `${key.place.path}.interfaces.telegram` };
      complaints.push(complaintAt(place, { found: 'given to a worker', expected: "a manager's" }));
    }
    for (const target of agent.can_dm) {
      if (!agentNames.has(target.value)) refuse(target, `an agent of this project${named(agentNames)}`);
    }
    for (const channel of agent.can_broadcast) {
      if (!channelNames.has(channel.value))
        refuse(channel, `a channel of this project${named(channelNames)}`);
    }
    const managerNames = new Set(managers.map((manager) => manager.key.value));
    if (reports_to !== undefined && !managerNames.has(reports_to.value)) {
      refuse(reports_to, `a manager of this project${named(managerNames)}`);
    }
    if (!runtimes.has(runtime.value)) {
      const declared = eitherOf([...runtimes].sort());
      refuse(runtime, `${declared}, or be declared in runtimes/${runtime.value}.yaml`);
    }
  }
}

function checkTwofoldAgents({ managers, workers }: ProjectFile, complaints: Complaint[]): void {
  for (const { key } of workers) {
    const manager = managers.find((entry) => entry.key.value === key.value);
    if (manager === undefined) continue;
    const found = `a manager too (line ${manager.key.place.line})`;
    complaints.push(complaintAt(key.place, { found, expected: 'either a manager or a worker' }));
  }
}

/** Ids become file names and session names, where tmux would rewrite `.` and `:`, and a shell or a path could be misled. */
function checkId({ value, place }: Located<string>, complaints: Complaint[]): void {
  if (/^[A-Za-z0-9_][A-Za-z0-9_-]{0,63}$/.test(value)) return;
  const expected = '1 to 64 of the letters A-Z and a-z, digits, - and _, not beginning with -';
  const isName = place.path.endsWith('project.id');
  complaints.push(complaintAt(place, { found: isName ? quoted(value) : `named ${quoted(value)}`, expected }));
}

function named(names: ReadonlySet<string>): string {
  return names.size === 0 ? ', which has none' : ` (${eitherOf([...names].slice(0, 20))})`;
}

/** Workers cannot be reported to, so a circle is one of managers. Each circle is complained about once. */
export function checkReportingLines(managers: readonly AgentEntry[], complaints: Complaint[]): void {
  const byName = new Map(managers.map((entry) => [entry.key.value, entry]));
  const settled = new Set<string>();
  for (const { key } of managers) {
    const line: string[] = [];
    let name: string | undefined = key.value;
    while (name !== undefined && !settled.has(name) && !line.includes(name)) {
      line.push(name);
      name = byName.get(name)?.value.reports_to?.value;
    }
    if (name !== undefined && line.includes(name)) {
      const circle = [...line.slice(line.indexOf(name)), name];
      const place = byName.get(name)?.value.reports_to?.place;
      if (place !== undefined) {
        const found = `part of a circle (${circle.join(' reports to ')})`;
        complaints.push(complaintAt(place, { found, expected: 'a manager further up' }));
      }
    }
    for (const seen of line) settled.add(seen);
  }
}

export type ProjectFile = Exclude<ReturnType<typeof readProjectFile>, Broken>;

export type AgentEntry = ProjectFile['managers'][number];

export const efforts = ['low', 'medium', 'high', 'xhigh', 'max'] as const;

/** `"*"` stands for everybody; so does any other text, which teamctl accepts. */
const members: Reader<'everybody' | readonly Located<string>[]> = (at) => {
  if (isNothing(at.node) || isSeq(at.node)) return listOf(text)(at);
  const all = text(at);
  return typeof all === 'symbol' ? all : 'everybody';
};

const agent = struct({
  runtime: withDefault(text, 'claude-code'),
  model: optional(text),
  role_prompt: optional(text),
  permission_mode: optional(text),
  autonomy: withDefault(text, 'low_risk_only'),
  can_dm: listOf(text),
  can_broadcast: listOf(text),
  reports_to: optional(text),
  on_rate_limit: optional(listOf(text)),
  effort: optional(oneOf(...efforts)),
  interfaces: struct({
    telegram: optional(struct({ bot_token_env: text, chat_ids_env: text })),
  }),
});

/** `projects/*.yaml`, with the types and defaults teamctl gives every key of it. */
export const readProjectFile = struct({
  version: u32,
  project: struct({ id: text, name: text, cwd: text }),
  channels: listOf(struct({ name: text, members })),
  managers: mapOf(agent),
  workers: mapOf(agent),
});
