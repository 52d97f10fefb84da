/** What a command or button does: looks, shows what agents print (which is for operators), changes, or destroys. */
export type Effect = 'reads' | 'reveals' | 'changes' | 'destroys';

/** Where people type: `/team` in Slack, `muster` in a terminal of the host. */
export type Front = 'slack' | 'terminal';

export interface OptionInfo {
  readonly name: string;
  readonly meaning: string;
  /** How its value is written, where it has one. */
  readonly value?: string;
  /** Whether it may be given several times; of another the last one counts. */
  readonly many?: true;
  /** Absent: wherever its verb is. */
  readonly front?: Front;
}

/** A verb as data: both fronts, their help, Slack's manifest, the README and the shell's completion are made from it or held to it. */
export interface VerbInfo {
  readonly name: string;
  /** The words that may follow it, without its options. */
  readonly usage: string;
  readonly summary: string;
  readonly example: string;
  readonly effect: Effect;
  readonly front: Front | 'both';
  /** In Slack only the person who asked sees the answer. */
  readonly aside?: true;
  readonly options: readonly OptionInfo[];
}

/** The options that a verb has in one front. */
export function optionsIn(front: Front, { options }: VerbInfo): readonly OptionInfo[] {
  return options.filter((option) => option.front === undefined || option.front === front);
}

/** `reload [project] [--dry-run] [--force]` */
export function usageIn(front: Front, verb: VerbInfo): string {
  const options = optionsIn(front, verb).map(({ name, value }) => `[--${[name, value].join(' ').trim()}]`);
  return [verb.name, verb.usage, ...options].filter((word) => word !== '').join(' ');
}

export function summaryIn(front: Front, { summary, aside, effect }: VerbInfo): string {
  if (front === 'terminal') return summary;
  return `${summary}${aside ? ', shown to you alone' : ''}${effect === 'reveals' ? '; for operators' : ''}`;
}
