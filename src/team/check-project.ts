import { checkEnvValue } from './check-env-value.ts';
import { checkReportingLines } from './check-reporting-lines.ts';
import { type Complaint, complaintAt, eitherOf, type Located, quoted } from './complaint.ts';
import type { AgentEntry, ProjectFile } from './project-file.ts';

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
