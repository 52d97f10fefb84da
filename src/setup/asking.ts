import {
  aboutSetting,
  alertChannelAlone,
  complaintOf,
  describeSettingComplaint,
  isSecret,
  type SettingName,
} from '../settings.ts';
import type { Terminal } from './terminal.ts';

/** What Muster does not start without, and who may change anything. */
export const askedFor = [
  'SLACK_BOT_TOKEN',
  'SLACK_APP_TOKEN',
  'SLACK_CHANNELS',
  'SLACK_ALERT_CHANNEL',
  'SLACK_OPERATORS',
] as const satisfies readonly SettingName[];

/** Asks until the answer is right; Enter takes what is offered. */
export async function askSetting(
  terminal: Terminal,
  name: SettingName,
  offered: string | undefined,
): Promise<string> {
  const { expected, where } = aboutSetting(name);
  const hidden = isSecret(name);
  const right = offered !== undefined && complaintOf(name, offered) === undefined ? offered : undefined;
  terminal.say(`\n${name}: ${expected}.\n  ${where}`);
  if (name === 'SLACK_ALERT_CHANNEL')
    terminal.say(`  If it is none of SLACK_CHANNELS, ${alertChannelAlone}.`);
  const enter = right === undefined ? '' : `Enter takes ${hidden ? 'the one that is there' : right}`;
  const hint = [...(hidden ? ['it is not shown while you paste it'] : []), ...(enter ? [enter] : [])].join(
    '; ',
  );
  for (;;) {
    const typed = await terminal.ask(`  ${hint === '' ? '' : `(${hint}) `}> `, { hidden });
    const answer = typed === '' ? (right ?? '') : typed;
    const complaint = complaintOf(name, answer);
    if (complaint === undefined) return answer;
    terminal.say(`  ${describeSettingComplaint(complaint)}`);
  }
}

/** Anything but yes is no. */
export async function confirm(terminal: Terminal, question: string): Promise<boolean> {
  return /^y(es)?$/i.test(await terminal.ask(`${question} [y/N] `));
}
