import { optionsIn, summaryIn, usageIn, type VerbInfo } from '../../language/verb.ts';
import { section, smallPrint } from '../markup/blocks.ts';
import { escaped } from '../markup/mrkdwn.ts';
import type { RunCommand } from './command.ts';

export const help: RunCommand = async (
  { asker, rest, commandName, reply },
  { commands, access, hostName },
) => {
  const one = commands.find(({ name }) => name === rest[0]);
  const lines = (one === undefined ? commands : [one]).map((command) => describe(command, commandName));
  if (one !== undefined) {
    lines.push(...optionsIn('slack', one).map(({ name, meaning }) => `\`--${name}\`: ${meaning}`));
    lines.push(`For example \`${commandName} ${one.example}\``);
  }
  const mayChange = (await access.decide(asker, 'changes')).allowed;
  const rights = mayChange ? 'You may look and change.' : 'You may look, not change.';
  const meaning =
    '`TimedOutKilled` marks an agent that did not stop within its budget and had to be killed: what it had not finished is lost.';
  await reply.whisper({
    text: lines.join('\n'),
    blocks: [
      section(lines.join('\n')),
      smallPrint(meaning),
      smallPrint(`${rights} Agents run on ${escaped(hostName)}.`),
    ],
  });
};

function describe(verb: VerbInfo, commandName: string): string {
  return `\`${commandName} ${usageIn('slack', verb)}\`: ${summaryIn('slack', verb)}`;
}
