import type { types } from '@slack/bolt';
import type { WatchedAgent } from '../../domain/status.ts';
import { duration } from '../../language/duration.ts';
import { plain } from '../../language/plain-text.ts';
import { loopNote, outlivedObstacle, restartNote, stateWord } from '../../language/status.ts';
import { cell, mixedCell, moment, type Part } from '../markup/blocks.ts';

export type Row = types.TableBlock['rows'][number];

/** What fits into one message: Slack takes 100 rows and 10,000 characters in a table, a person reads fewer. */
export interface Page {
  readonly agents: readonly WatchedAgent[];
  readonly rows: readonly Row[];
}

const mostRows = 60;

const mostCharacters = 6500;

const longestNotes = 250;

/** The agents in their order, page by page; at least one page. */
export function pagesOf(agents: readonly WatchedAgent[], asOf: Date): readonly Page[] {
  const pages: { agents: WatchedAgent[]; rows: Row[] }[] = [{ agents: [], rows: [] }];
  let characters = 0;
  for (const agent of agents) {
    const row = rowOf(agent, asOf);
    const length = charactersOf(row);
    let page = pages.at(-1);
    if (page === undefined || page.rows.length === mostRows || characters + length > mostCharacters) {
      page = { agents: [], rows: [] };
      pages.push(page);
      characters = 0;
    }
    characters += length;
    page.agents.push(agent);
    page.rows.push(row);
  }
  return pages;
}

export const header: Row = ['agent', 'state', 'last stop', 'notes'].map((word) => cell(word));

function rowOf(agent: WatchedAgent, asOf: Date): Row {
  const { id, seen, lastStop: stop } = agent;
  const since = sinceOf(seen);
  return [
    cell(id),
    since === undefined
      ? cell(stateWord(agent))
      : mixedCell([`${stateWord(agent)} since `, moment(since, asOf)]),
    stop === undefined ? cell('-') : mixedCell([`${stop.how} `, moment(stop.at, asOf)]),
    mixedCell(notesOf(agent, asOf)),
  ];
}

function sinceOf(seen: WatchedAgent['seen']): Date | undefined {
  if (seen.state === 'unknown') return undefined;
  return seen.state === 'running' ? seen.since : seen.lastEnd?.at;
}

function notesOf({ seen, inTeam, wantedDown, loop, mute }: WatchedAgent, asOf: Date): readonly Part[] {
  const notes: (readonly Part[])[] = [];
  if (loop !== undefined) notes.push([loopNote(loop, asOf, duration)]);
  if (seen.state === 'unknown') notes.push([plain(seen.reason, longestNotes)]);
  const outlived = outlivedObstacle(seen);
  if (outlived !== undefined) notes.push([outlived]);
  if (seen.state !== 'running' && wantedDown !== undefined)
    notes.push(['left down by ', person(wantedDown.by), ' ', moment(wantedDown.at, asOf)]);
  if (seen.state === 'stopped' && seen.restarting) notes.push([restartNote(seen, asOf, duration)]);
  if (seen.state === 'stopped' && seen.gaveUp !== undefined)
    notes.push([`gave up: ${plain(seen.gaveUp, longestNotes)}`]);
  const end = seen.state === 'unknown' ? undefined : seen.lastEnd;
  if (end !== undefined)
    notes.push([end.kind === 'exited' ? `exit ${end.code}` : `SIG${end.signal.replace(/^SIG/, '')}`]);
  if (seen.state !== 'unknown' && seen.endUnread !== undefined)
    notes.push([`its last end cannot be read: ${plain(seen.endUnread, longestNotes)}`]);
  if (!inTeam) notes.push(["gone from the team's files"]);
  if (mute !== undefined) notes.push(['muted until ', moment(mute.until, asOf)]);
  return notes.flatMap((note, index) => (index === 0 ? note : [', ', ...note]));
}

/** Somebody on the host has a name, people in Slack have an id. */
function person(by: string): Part {
  return /^[UW][A-Z0-9]{4,}$/.test(by) ? { type: 'user', user_id: by } : plain(by, 50);
}

/** What a date or a name is reckoned as: Slack spells them. */
const spelledCharacters = 20;

function charactersOf(row: Row): number {
  return row.flatMap(partsOf).reduce((sum, part) => sum + charactersOfPart(part), 0);
}

type Written = types.RichTextElement | types.RawTextElement | types.RawNumberElement;

function partsOf(cell: Row[number]): readonly Written[] {
  if (cell.type !== 'rich_text') return [cell];
  return cell.elements.flatMap((section) => (section.type === 'rich_text_section' ? section.elements : []));
}

function charactersOfPart(part: Written): number {
  return 'text' in part && part.text !== undefined ? part.text.length : spelledCharacters;
}
