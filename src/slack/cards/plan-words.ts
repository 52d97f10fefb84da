import type { Request } from '../../domain/operation.ts';
import type { ForcedKill } from '../../domain/progress.ts';
import { leftDownBy, reasonsOf, whyKilled } from '../../language/plan.ts';
import { selectionName } from '../../language/selection.ts';
import { escaped, mention } from '../markup/mrkdwn.ts';

/** `*shop*` */
export function boldSelection({ selection }: Request): string {
  return `*${escaped(selectionName(selection))}*`;
}

/** The same for a place where Slack parses mrkdwn; a person in it is named as Slack names them. */
export function reasonWords(why: readonly string[], most: number): string {
  return escaped(reasonsOf(why), most).replace(leftDownBy, (_, id: string) => `left down by ${mention(id)}`);
}

/** Who wanted it; somebody who used the host command has no name in Slack. */
export function orderedBy({ askedBy, confirmedBy }: Request): string {
  const second = confirmedBy === undefined ? '' : `, confirmed by ${mention(confirmedBy)}`;
  return `Asked by ${mention(askedBy)}${second}`;
}

/** The sentence that must never be missing. */
export function forcedKillSentence(kill: ForcedKill): string {
  return `*${escaped(kill.step.id)}* had to be killed (\`TimedOutKilled\`): ${whyKilled(kill)}`;
}
