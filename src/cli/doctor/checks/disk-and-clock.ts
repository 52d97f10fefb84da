import { existsSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { stateDirectory } from '../facts.ts';
import { broken, type Check, type Finding, ok, skipped, warn } from '../finding.ts';

const mebibyte = 1024 * 1024;

export const disk: Check = {
  name: 'disk',
  async run(examined) {
    const { team } = examined;
    const state = stateDirectory(examined);
    const places = [...(team.kind === 'found' ? [team.root] : []), ...(state === undefined ? [] : [state])];
    if (places.length === 0) return [skipped('the team first')];
    const findings = await Promise.all([...new Set(places.map(nearestExisting))].map(space));
    const trouble = findings.filter(({ severity }) => severity !== 'ok');
    return trouble.length > 0 ? trouble : findings.slice(0, 1);
  },
};

async function space(directory: string): Promise<Finding> {
  const { bavail, bsize } = await statfs(directory);
  const free = Math.floor((bavail * bsize) / mebibyte);
  const found = `${free < 10_240 ? `${free} MiB` : `${Math.floor(free / 1024)} GiB`} free at ${directory}`;
  const mend = 'Make room: without it Muster cannot write what it is about to do, and then does nothing.';
  if (free < 20) return broken(found, mend);
  return free < 200 ? warn(found, mend) : ok(found);
}

/** Since-times, deadlines after a restart and the age of questions go by it. */
export const clock: Check = {
  name: 'clock',
  async run({ slack }) {
    const identity = await slack.identity();
    const ahead = slack.clockAheadMs();
    if (identity.kind === 'unreachable' || ahead === undefined)
      return [skipped('Slack, whose clock it is held against, did not answer')];
    const seconds = Math.round(Math.abs(ahead) / 1000);
    // Slack's answer names a whole second and has travelled.
    if (seconds <= 30) return [ok("it agrees with Slack's")];
    const found = `it is ${seconds} s ${ahead > 0 ? 'ahead of' : 'behind'} Slack's`;
    return [warn(found, 'Let the host keep time: timedatectl set-ntp true')];
  },
};

function nearestExisting(path: string): string {
  return existsSync(path) ? path : nearestExisting(dirname(path));
}
