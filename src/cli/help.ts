import { verbNamed, type Words } from '../language/read-words.ts';
import { optionsIn, summaryIn, usageIn, type VerbInfo } from '../language/verb.ts';
import { verbsIn } from '../language/verbs.ts';
import { exitCodes } from './team/exit-codes.ts';
import { columns, type Style, sentence, styleOf } from './terminal/style.ts';

export async function run({ rest: [about] }: Words, process: NodeJS.Process): Promise<number> {
  process.stdout.write(helpText(about, styleOf(process)));
  return exitCodes.done;
}

/** All of it, or one verb. Throws UsageError for a verb that there is not. */
export function helpText(about: string | undefined, style: Style): string {
  const lines = about === undefined ? overview(style) : details(verbNamed(about), style);
  return `${lines.join('\n')}\n`;
}

function details(verb: VerbInfo, style: Style): readonly string[] {
  const options = optionsIn('terminal', verb).map(
    ({ name, value = '', meaning, many }) =>
      [`--${name} ${value}`.trim(), many ? `${meaning}; may be given several times` : meaning] as const,
  );
  return [
    ...sentence(`muster ${usageIn('terminal', verb)}`, style, 2),
    '',
    ...sentence(summaryIn('terminal', verb), { ...style, width: style.width - 2 }).map((line) => `  ${line}`),
    '',
    ...(options.length === 0 ? [] : [...columns(options, style), '']),
    `  muster ${verb.example}`,
  ];
}

function overview(style: Style): readonly string[] {
  return [
    'muster VERB ...',
    '',
    ...sentence(
      "What /team does in Slack, in a terminal of the host: the same plans, locks, journal and verdicts; and what sets Muster up. It needs no Slack and no bot. Type it as the user the bot runs as, in the directory of the bot's .env.",
      style,
    ),
    '',
    ...columns(
      verbsIn('terminal').map((verb) => [
        verb.name,
        `${[verb.usage, verb.summary].filter((words) => words !== '').join(': ')}`,
      ]),
      style,
    ),
    '',
    ...sentence('muster help VERB has the options of a verb, and an example.', style),
    '',
    ...sentence(
      'down, --force, a budget of 0 and anything that touches several projects ask first, and show what would be killed; --yes agrees beforehand, for scripts. Ctrl-C pauses an operation: nothing new begins, what runs goes on; once more leaves it to the next Muster.',
      style,
    ),
    '',
    'It ends with',
    ...columns(
      [
        ['0', 'done, or nothing to do'],
        ['1', 'refused, failed or not complete'],
        ['2', 'not understood; nothing was touched'],
        ['3', 'done, and an agent had to be killed (TimedOutKilled)'],
        ['130', 'paused by Ctrl-C; the next Muster goes on with it'],
      ],
      style,
    ),
  ];
}
