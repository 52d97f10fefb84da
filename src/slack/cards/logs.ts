import type { AgentId } from '../../domain/agent.ts';
import { count } from '../../language/duration.ts';
import { type MessageContent, preformatted, section, smallPrint, timeOfDay } from '../markup/blocks.ts';
import { escaped } from '../markup/mrkdwn.ts';

export interface LogsCard {
  readonly id: AgentId;
  /** Oldest first; untrusted text. */
  readonly lines: readonly string[];
  readonly hostName: string;
  readonly asOf: Date;
}

const longestLine = 300;

const mostCharacters = 2900;

/** The end of what an agent printed; of too much of it the newest. */
export function logsCard({ id, lines, hostName, asOf }: LogsCard): MessageContent {
  const printed = lines.map((line) => line.trimEnd());
  const shown = newest(printed.map(cutLine));
  const name = `*${escaped(id)}* on ${escaped(hostName)}`;
  const first =
    lines.length === 0
      ? `${name}: there is nothing to read. It has printed nothing, or has no screen while it does not run.`
      : `${name}, its last ${count(shown.length, 'line')}:`;
  const older = printed.length - shown.length;
  const long = printed.slice(older).filter((line) => cutLine(line) !== line).length;
  const cut = [
    ...(older > 0 ? [`${count(older, 'older line')} left out`] : []),
    ...(long > 0 ? [`${count(long, 'long line')} cut to ${longestLine} characters`] : []),
  ];
  return {
    text: first,
    blocks: [
      section(first),
      ...(shown.length > 0 ? [preformatted(shown)] : []),
      smallPrint([`As of ${timeOfDay(asOf)}`, 'only you see this', ...cut].join(' · ')),
    ],
  };
}

function cutLine(line: string): string {
  const [...characters] = line;
  return characters.length <= longestLine ? line : `${characters.slice(0, longestLine - 1).join('')}…`;
}

/** As many of the last lines as fit. */
function newest(lines: readonly string[]): readonly string[] {
  let characters = 0;
  const from = lines.findLastIndex((line) => {
    characters += line.length + 1;
    return characters > mostCharacters;
  });
  return lines.slice(from + 1);
}
