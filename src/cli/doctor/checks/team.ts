import { accessSync, constants, existsSync } from 'node:fs';
import { join } from 'node:path';
import { backendNames } from '../../../supervisor/backends.ts';
import { isInstalled } from '../../../supervisor/programs/installed.ts';
import { userName } from '../../../supervisor/programs/user-name.ts';
import type { Complaint } from '../../../team/files/complaint.ts';
import { loadTeam } from '../../../team/files/load.ts';
import { agentsOf } from '../../../team/team.ts';
import { broken, brokenAsSaid, type Check, type Finding, ok, warn } from '../finding.ts';

export const team: Check = {
  name: 'team files',
  async run({ team: found, agentEnv, uid }) {
    if (found.kind === 'missing') return [brokenAsSaid(found.reason)];
    const { root } = found;
    const hasProgram = (program: string) => isInstalled(program, root, agentEnv.PATH);
    const read = await loadTeam(root, { supervisorTypes: backendNames, hasProgram });
    const findings = read.warnings.map((complaint) => fromComplaint(complaint, warn));
    if (read.kind === 'refused') {
      findings.push(...read.complaints.map((complaint) => fromComplaint(complaint, broken)));
    } else {
      const { length } = agentsOf(read.team);
      const projects = read.team.projects.length;
      findings.push(ok(`${root} loads: ${counted(length, 'agent')} in ${counted(projects, 'project')}`));
    }
    const closed = notWritable(root);
    if (closed !== undefined) {
      findings.push(
        broken(
          `${userName(uid)} may not write to ${closed}, where the agents' files go`,
          `Give ${userName(uid)} the right to, or run Muster as somebody who has it.`,
        ),
      );
    }
    return findings;
  },
};

function fromComplaint(
  { file, line, path, found, expected, fix }: Complaint,
  as: (found: string, mend: string) => Finding,
): Finding {
  const subject = path === '' ? 'the file' : path;
  const must = as === broken ? 'must' : 'should';
  return as(
    `${file} line ${line}: ${subject} is ${found}`,
    `It ${must} be ${expected}.${fix ? ` ${fix}` : ''}`,
  );
}

function notWritable(root: string): string | undefined {
  const state = join(root, 'state');
  const places = existsSync(state) ? [state] : [root];
  return places.find((place) => {
    try {
      accessSync(place, constants.W_OK | constants.X_OK);
      return false;
    } catch {
      return true;
    }
  });
}

function counted(count: number, thing: string): string {
  return `${count} ${thing}${count === 1 ? '' : 's'}`;
}
