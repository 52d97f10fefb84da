import type { MuteOver } from '../../domain/alert.ts';
import { keyOf, type Selection } from '../../domain/selection.ts';
import { muteOverWords, muteWords, notMutedWords } from '../../language/mute.ts';
import { sentence } from '../terminal/style.ts';
import type { Desk } from './context.ts';
import { terminalWording } from './terminal-phrases.ts';

/** Silences alerts. Throws `RefusedError` for what is not there. */
export async function muteAlerts(selection: Selection, forMs: number, desk: Desk): Promise<void> {
  const { site, person, style, print } = desk;
  const mute = await site.mute(selection, forMs, person);
  print(sentence(muteWords(mute, terminalWording()), style));
}

/** Ends it before its time, and says what was kept back; the bot tells the alert channel. */
export async function endMute(selection: Selection, { site, person, style, print }: Desk): Promise<void> {
  const over = await site.unmute(selection, person);
  const lines =
    over === undefined
      ? [notMutedWords(keyOf(selection), await site.mutes(), terminalWording())]
      : linesOf(over);
  print(lines.flatMap((line) => sentence(line, style, 2)));
}

function linesOf(over: MuteOver): readonly string[] {
  const { verdict, lines } = muteOverWords(over, terminalWording(over.at));
  return [verdict, ...lines.map((line) => `- ${line}`)];
}
