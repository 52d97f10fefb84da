/** What a command or button does: looks, shows what agents print (which is for operators), changes, or destroys. */
export type Effect = 'reads' | 'reveals' | 'changes' | 'destroys';

/** Which options there are; `since` is followed by a time. */
export type Option = 'json' | 'markdown' | 'dry-run' | 'force' | 'yes' | 'since';

/** A verb as data: help, usage errors and the README's table are held to it. */
export interface VerbInfo {
  readonly name: string;
  readonly usage: string;
  readonly summary: string;
  readonly example: string;
  readonly options: readonly Option[];
}

export const verbs = [
  {
    name: 'status',
    usage: '[project[:agent]] [--json]',
    summary: 'what runs and what does not, trouble first',
    example: 'status shop',
    options: ['json'],
  },
  {
    name: 'up',
    usage: 'project[:agent]',
    summary: 'starts what does not run, and sees that it stays up',
    example: 'up shop:pay',
    options: [],
  },
  {
    name: 'reload',
    usage: '[project] [--dry-run [--json]] [--force] [--yes]',
    summary: 'drains and restarts what changed, starts what is dead; --dry-run only shows the plan',
    example: 'reload shop --dry-run',
    options: ['dry-run', 'force', 'yes', 'json'],
  },
  {
    name: 'restart',
    usage: 'project:agent [--yes]',
    summary: 'drains one agent and starts it again with the files as they are now, changed or not',
    example: 'restart shop:pay',
    options: ['yes'],
  },
  {
    name: 'drain',
    usage: 'project[:agent] [45s] [--yes]',
    summary: 'asks agents to stop and waits; what does not stop in time is killed and flagged TimedOutKilled',
    example: 'drain shop:pay 45s',
    options: ['yes'],
  },
  {
    name: 'down',
    usage: 'project[:agent] [--yes]',
    summary: 'kills at once, without a drain; asks first',
    example: 'down shop',
    options: ['yes'],
  },
  {
    name: 'logs',
    usage: 'project:agent [lines]',
    summary: 'the last lines an agent printed, 20 unless told',
    example: 'logs shop:pay 50',
    options: [],
  },
  {
    name: 'why',
    usage: 'project:agent',
    summary: 'why an agent runs or does not, in sentences',
    example: 'why shop:pay',
    options: [],
  },
  {
    name: 'history',
    usage: '[project] [--since 2h] [--markdown | --json]',
    summary: "what happened, by whom, with every agent's verdict; --markdown is a post-mortem's timeline",
    example: 'history shop --since 2h --markdown',
    options: ['since', 'markdown', 'json'],
  },
  {
    name: 'audit',
    usage: '[--since 7d] [--json]',
    summary: 'every attempt of everybody, here and in Slack, allowed or not; the last 7 days unless told',
    example: 'audit --since 30d --json',
    options: ['since', 'json'],
  },
  {
    name: 'help',
    usage: '[verb]',
    summary: 'this, or one verb',
    example: 'help drain',
    options: [],
  },
] as const satisfies readonly VerbInfo[];

export type VerbName = (typeof verbs)[number]['name'];
