import type { WatchedAgent, WatchedStatus } from '../../domain/status.ts';
import { duration } from '../../language/duration.ts';
import { endWords } from '../../language/phrases.ts';
import {
  countsOf,
  doesNotLoad,
  inOrder,
  loopNote,
  outlivedObstacle,
  restartNote,
  stateWord,
  trouble,
  withoutJournal,
} from '../../language/status.ts';
import type { Hello } from '../../site/site.ts';
import { clean, moment, paint, type Style, sentence } from '../terminal/style.ts';

/** Trouble first; what there is to say of an agent is below its line. */
export function statusLines(status: WatchedStatus, host: string, style: Style): readonly string[] {
  const { asOf, agents, complaints, warnings, journal } = status;
  const widest = Math.min(40, Math.max(5, ...agents.map(({ id }) => id.length)));
  return [
    ...complaintLines(complaints, style),
    ...sentence(`${host}, ${moment(asOf, new Date())}: ${countsOf(agents)}`, style),
    '',
    ...inOrder(agents).flatMap((agent) => {
      const word = stateWord(agent);
      const since = sinceOf(agent.seen);
      const lasting = since === undefined ? '' : ` ${duration(asOf.getTime() - since.getTime())}`;
      const { lastStop: stop } = agent;
      const state = `${word}${lasting}`.padEnd(20);
      const painted =
        trouble(agent) > 0 ? paint(style, agent.seen.state === 'running' ? 'yellow' : 'red', state) : state;
      const last = stop === undefined ? '' : `last stop ${stop.how}, ${moment(stop.at, asOf)}`;
      return [
        `${agent.id.padEnd(widest)}  ${painted}  ${last}`.trimEnd(),
        ...notesOf(agent, asOf).flatMap((note) => sentence(`    ${note}`, style, 4)),
      ];
    }),
    ...warnings.flatMap((warning) => ['', ...sentence(`Warning: ${clean(warning)}`, style, 2)]),
    ...(journal === undefined ? [] : ['', ...sentence(`${withoutJournal} ${clean(journal)}`, style)]),
  ];
}

function complaintLines(complaints: readonly string[], style: Style): readonly string[] {
  if (complaints.length === 0) return [];
  const lines = [doesNotLoad, ...complaints.map((complaint) => `- ${clean(complaint)}`)];
  return lines.flatMap((line) => sentence(paint(style, 'red', line), style, 2));
}

/** For a program that reads it. */
export function statusJson({ asOf, agents, ...rest }: WatchedStatus, { host, root }: Hello): unknown {
  return {
    host,
    root,
    asOf,
    ...rest,
    agents: agents.map(({ id, seen, inTeam, wantedDown, loop, mute, lastStop }) => ({
      agent: id,
      inTeam,
      ...seen,
      ...(wantedDown && { wantedDown }),
      ...(loop && { crashLoop: loop }),
      ...(mute && { muted: { until: mute.until, by: mute.by, what: mute.what } }),
      ...(lastStop && { lastStop }),
    })),
  };
}

function sinceOf(seen: WatchedAgent['seen']): Date | undefined {
  if (seen.state === 'unknown') return undefined;
  return seen.state === 'running' ? seen.since : seen.lastEnd?.at;
}

function notesOf({ seen, inTeam, wantedDown, loop, mute }: WatchedAgent, asOf: Date): readonly string[] {
  const end = seen.state === 'stopped' ? seen.lastEnd : undefined;
  const outlived = outlivedObstacle(seen);
  return [
    ...(loop === undefined ? [] : [loopNote(loop, asOf, duration)]),
    ...(outlived === undefined ? [] : [outlived]),
    ...(seen.state === 'unknown' ? [clean(seen.reason, 300)] : []),
    ...(seen.state !== 'running' && wantedDown !== undefined
      ? [`left down by ${clean(wantedDown.by, 100)}, ${moment(wantedDown.at, asOf)}`]
      : []),
    ...(seen.state === 'stopped' && seen.restarting ? [restartNote(seen, asOf, duration)] : []),
    ...(seen.state === 'stopped' && seen.gaveUp !== undefined ? [`gave up: ${clean(seen.gaveUp, 300)}`] : []),
    ...(end === undefined ? [] : [`it ended ${endWords(end)}`]),
    ...(seen.state !== 'unknown' && seen.endUnread !== undefined
      ? [`its last end cannot be read: ${clean(seen.endUnread, 300)}`]
      : []),
    ...(inTeam ? [] : ["gone from the team's files"]),
    ...(mute === undefined
      ? []
      : [`alerts are muted until ${moment(mute.until, asOf)}, by ${clean(mute.by, 100)}`]),
  ];
}
