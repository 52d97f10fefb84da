import type { types } from '@slack/bolt';
import type { Selection } from '../../domain/selection.ts';
import type { WatchedAgent, WatchedStatus } from '../../domain/status.ts';
import { count } from '../../language/duration.ts';
import { plain } from '../../language/plain-text.ts';
import { selectionName } from '../../language/selection.ts';
import { countsOf, doesNotLoad, inOrder, stateWord, trouble, withoutJournal } from '../../language/status.ts';
import { type MessageContent, section, smallPrint, timeOfDay } from '../markup/blocks.ts';
import { escaped } from '../markup/mrkdwn.ts';
import { statusButtons } from './status-buttons.ts';
import { header, type Page, pagesOf } from './status-rows.ts';

export interface StatusCard {
  readonly status: WatchedStatus;
  readonly selection: Selection;
  readonly hostName: string;
  readonly askedBy: string;
  /** Counted from 0; the last one if there are not so many. */
  readonly page?: number;
}

/** What runs and what does not, trouble first; of too many agents one page. */
export function statusCard({ status, selection, hostName, askedBy, page = 0 }: StatusCard): MessageContent {
  const agents = inOrder(status.agents);
  const counts = countsOf(agents);
  const name = escaped(selectionName(selection));
  const pages = pagesOf(agents, status.asOf);
  const at = Math.min(page, pages.length - 1);
  const shown = pages[at] ?? { agents: [], rows: [] };
  const blocks: types.KnownBlock[] = [section(`*${name}* on ${escaped(hostName)}: ${counts}`)];
  if (status.complaints.length > 0) blocks.push(section(complaintWords(status.complaints)));
  if (status.journal !== undefined)
    blocks.push(section(`:warning: ${withoutJournal} ${escaped(status.journal, 300)}`));
  if (pages.length > 1) blocks.push(smallPrint(byProject(agents)));
  if (shown.rows.length > 0) {
    blocks.push({
      type: 'table',
      rows: [header, ...shown.rows],
      column_settings: [{}, {}, {}, { is_wrapped: true }],
    });
  }
  const print = [
    `As of ${timeOfDay(status.asOf)}`,
    `asked by <@${askedBy}>`,
    ...(pages.length > 1 ? [pageWords(pages, at)] : []),
    ...warningWords(status.warnings),
  ];
  blocks.push(smallPrint(print.join(' · ')));
  const troubled = agents.filter((agent) => trouble(agent) > 0);
  const ids = troubled.map(({ id }) => id);
  blocks.push(...statusButtons({ selection, page: at, pages: pages.length, troubled: ids }));
  return { text: `${name}: ${counts}${worst(troubled)}`, blocks };
}

const mostNamed = 10;

/** For those who see no table. */
function worst(troubled: readonly WatchedAgent[]): string {
  if (troubled.length === 0) return '';
  const named = troubled
    .slice(0, mostNamed)
    .map(
      (agent) =>
        `${plain(agent.id)} ${stateWord(agent)}${agent.loop ? ', in a crash loop' : ''}${agent.inTeam ? '' : ", gone from the team's files"}`,
    );
  const more = troubled.length > mostNamed ? [`and ${troubled.length - mostNamed} more`] : [];
  return ` (${escaped([...named, ...more].join('; '))})`;
}

const mostProjects = 30;

/** `shop 23 of 25 running, blog 25 of 25 running`: what a page of a long table does not show. */
function byProject(agents: readonly WatchedAgent[]): string {
  const names = [...new Set(agents.map(({ project }) => project))];
  const words = names.slice(0, mostProjects).map((name) => {
    const own = agents.filter(({ project }) => project === name);
    const running = own.filter(({ seen }) => seen.state === 'running').length;
    const counted = `${running} of ${own.length}`;
    return `${escaped(name, 64)} ${running === own.length ? counted : `*${counted}*`}`;
  });
  const more =
    names.length > mostProjects ? [`and ${count(names.length - mostProjects, 'more project')}`] : [];
  return `Running by project: ${[...words, ...more].join(' · ')}`;
}

function pageWords(pages: readonly Page[], at: number): string {
  const before = pages.slice(0, at).reduce((sum, { rows }) => sum + rows.length, 0);
  const all = pages.reduce((sum, { rows }) => sum + rows.length, 0);
  return `page ${at + 1} of ${pages.length}, agents ${before + 1} to ${before + (pages[at]?.rows.length ?? 0)} of ${all}`;
}

function warningWords(warnings: readonly string[]): readonly string[] {
  const [first] = warnings;
  if (first === undefined) return [];
  const which = warnings.length === 1 ? '' : ', the first';
  return [`${count(warnings.length, 'warning')} in the team's files${which}: ${escaped(first, 200)}`];
}

function complaintWords(complaints: readonly string[]): string {
  const shown = complaints.slice(0, 8).map((complaint) => `• ${escaped(complaint, 250)}`);
  const more = complaints.length > 8 ? [`• and ${complaints.length - 8} more`] : [];
  return [`:warning: ${doesNotLoad}`, ...shown, ...more].join('\n');
}
