import { verbs } from '../language/verbs.ts';
import { columns, type Style, sentence } from './terminal/style.ts';

const typed = 'npm run team --';

/** All of it, or one verb. */
export function helpText(about: string | undefined, style: Style): string {
  const verb = verbs.find(({ name }) => name === about);
  const lines = verb === undefined ? overview(style) : details(verb, style);
  return `${lines.join('\n')}\n`;
}

function details({ name, usage, summary, example }: (typeof verbs)[number], style: Style): readonly string[] {
  return [
    `${typed} ${name} ${usage}`,
    '',
    ...sentence(`  ${summary}`, style, 2),
    '',
    `  ${typed} ${example}`,
  ];
}

function overview(style: Style): readonly string[] {
  return [
    `${typed} VERB ...`,
    '',
    ...sentence(
      "What /team does in Slack, in a terminal of the host: the same plans, locks, journal and verdicts. It needs no Slack and no bot. Type it as the user the bot runs as, in the directory of the bot's .env.",
      style,
    ),
    '',
    ...columns(
      verbs.map(({ name, usage, summary }) => [name, `${usage}: ${summary}`]),
      style,
    ),
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
