import type { types } from '@slack/bolt';
import type { LastStops } from '../../operations/last-stops.ts';
import { type Selection, selectionName } from '../../operations/operation.ts';
import type { AgentStatus, TeamStatus } from '../../operations/status.ts';
import { actions, button, cell, section, smallPrint, timeCell, timeOfDay } from '../blocks.ts';
import { count, duration } from '../duration.ts';
import type { MessageContent } from '../messages.ts';
import { escaped, plain } from '../outside-text.ts';

export interface StatusCard {
  readonly status: TeamStatus;
  readonly selection: Selection;
  readonly hostName: string;
  readonly lastStops: LastStops;
  readonly askedBy: string;
}

/** Slack takes 100 rows and 10,000 characters in a table; a person reads fewer. */
const mostRows = 60;
const mostCharacters = 7500;

export function statusCard({ status, selection, hostName, lastStops, askedBy }: StatusCard): MessageContent {
  const agents = [...status.agents].sort((a, b) => trouble(b) - trouble(a));
  const counts = countsLine(agents);
  const headline = `*${escaped(selectionName(selection))}* on ${escaped(hostName)}: ${counts}`;
  const { rows, left } = tableRows(agents, status, lastStops);
  const blocks: types.KnownBlock[] = [section(headline)];
  if (status.complaints.length > 0) blocks.push(section(doesNotLoad(status.complaints)));
  if (rows.length > 0) {
    const header = ['agent', 'state', 'last stop', 'notes'].map((word) => cell(word));
    blocks.push({
      type: 'table',
      rows: [header, ...rows],
      column_settings: [{}, {}, {}, { is_wrapped: true }],
    });
  }
  if (left > 0) blocks.push(smallPrint(`And ${count(left, 'more agent')}: ask for one project to see them.`));
  const warned =
    status.warnings.length === 0 ? '' : ` · ${count(status.warnings.length, 'warning')} in the team's files`;
  blocks.push(smallPrint(`As of ${timeOfDay(status.asOf)} · asked by <@${askedBy}>${warned}`));
  blocks.push(actions(statusButtons(selection)));
  const named = agents.filter((agent) => trouble(agent) > 0).slice(0, 10);
  const worst = named
    .map(
      ({ id, seen, inTeam }) =>
        `${plain(id)} ${stateWord(seen)}${inTeam ? '' : ", gone from the team's files"}`,
    )
    .join('; ');
  return {
    text: `${escaped(selectionName(selection))}: ${counts}${worst === '' ? '' : ` (${escaped(worst)})`}`,
    blocks,
  };
}

/** `3 of 5 running · 1 stopped · 1 unknown` */
function countsLine(agents: readonly AgentStatus[]): string {
  if (agents.length === 0) return 'no agents';
  const words = agents.map(({ seen }) => stateWord(seen));
  const others = ['unknown', 'stopped', 'restarting'].flatMap((word) => {
    const number = words.filter((each) => each === word).length;
    return number === 0 ? [] : [`${number} ${word}`];
  });
  const running = words.filter((word) => word === 'running').length;
  return [`${running} of ${agents.length} running`, ...others].join(' · ');
}

function tableRows(agents: readonly AgentStatus[], { asOf }: TeamStatus, lastStops: LastStops) {
  const rows: (types.RawTextElement | types.RichTextBlock)[][] = [];
  let characters = 0;
  for (const agent of agents) {
    const { id, seen } = agent;
    const since = seen.state === 'running' ? ` ${duration(asOf.getTime() - seen.since.getTime())}` : '';
    const stop = lastStops.of(id);
    const notes = plain(notesOf(agent), 250);
    characters += id.length + notes.length + 60;
    if (rows.length === mostRows || characters > mostCharacters) break;
    rows.push([
      cell(id),
      cell(`${stateWord(seen)}${since}`),
      stop === undefined ? cell('-') : timeCell(stop.how, stop.at),
      cell(notes),
    ]);
  }
  return { rows, left: agents.length - rows.length };
}

function notesOf({ seen, inTeam }: AgentStatus): string {
  const notes: string[] = [];
  if (seen.state === 'unknown') notes.push(seen.reason);
  if (seen.state === 'stopped' && seen.restarting) notes.push('its loop starts it again');
  const end = seen.state === 'unknown' ? undefined : seen.lastEnd;
  if (end !== undefined)
    notes.push(end.kind === 'exited' ? `exit ${end.code}` : `SIG${end.signal.replace(/^SIG/, '')}`);
  if (!inTeam) notes.push("gone from the team's files");
  return notes.join(', ');
}

function stateWord(seen: AgentStatus['seen']): string {
  return seen.state === 'stopped' && seen.restarting ? 'restarting' : seen.state;
}

/** What a person has to look at comes first. */
function trouble({ seen, inTeam }: AgentStatus): number {
  if (seen.state === 'unknown') return 4;
  if (seen.state === 'stopped') return seen.restarting ? 3 : 2;
  return inTeam ? 0 : 1;
}

function doesNotLoad(complaints: readonly string[]): string {
  const shown = complaints.slice(0, 8).map((complaint) => `• ${escaped(complaint, 250)}`);
  const more = complaints.length > 8 ? [`• and ${complaints.length - 8} more`] : [];
  return [":warning: The team's files don't load; up and reload wait until they do.", ...shown, ...more].join(
    '\n',
  );
}

function statusButtons(selection: Selection): types.Button[] {
  const value = JSON.stringify(selection);
  const refresh = button({ action: 'status_refresh', label: 'Refresh', value });
  if (selection.kind === 'agent') return [refresh];
  const what = selection.kind === 'team' ? 'the team' : selection.project;
  return [refresh, button({ action: 'status_reload', label: `Reload ${what}`, value })];
}
