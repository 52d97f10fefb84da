import type { Front, VerbInfo } from './verb.ts';

const yes = { name: 'yes', meaning: 'agrees beforehand, for scripts', front: 'terminal' } as const;

const json = { name: 'json', meaning: 'for programs', front: 'terminal' } as const;

/** In the order in which help, the manifest and the README have them. */
export const verbs = [
  {
    name: 'help',
    usage: '[verb]',
    summary: 'all commands, or one with its options and an example',
    example: 'help drain',
    effect: 'reads',
    front: 'both',
    aside: true,
    options: [],
  },
  {
    name: 'status',
    usage: '[project[:agent]]',
    summary: 'what runs and what does not, trouble first',
    example: 'status shop',
    effect: 'reads',
    front: 'both',
    options: [{ name: 'me', meaning: 'shows it to you alone', front: 'slack' }, json],
  },
  {
    name: 'up',
    usage: 'project[:agent]',
    summary: 'starts what does not run, and sees that it stays up',
    example: 'up shop:pay',
    effect: 'changes',
    front: 'both',
    options: [],
  },
  {
    name: 'reload',
    usage: '[project]',
    summary: 'drains and restarts what changed, starts what is dead; --dry-run only shows the plan',
    example: 'reload shop --dry-run',
    effect: 'changes',
    front: 'both',
    options: [
      { name: 'dry-run', meaning: 'only shows the plan' },
      { name: 'force', meaning: 'restarts what did not change, too' },
      yes,
      { ...json, meaning: 'with --dry-run: the plan for programs' },
    ],
  },
  {
    name: 'drain',
    usage: 'project[:agent] [45s]',
    summary: 'asks agents to stop and waits; what does not stop in time is killed and flagged TimedOutKilled',
    example: 'drain shop:pay 45s',
    effect: 'changes',
    front: 'both',
    options: [yes],
  },
  {
    name: 'restart',
    usage: 'project:agent',
    summary: 'drains one agent and starts it again with the files as they are now, changed or not',
    example: 'restart shop:pay',
    effect: 'changes',
    front: 'both',
    options: [yes],
  },
  {
    name: 'down',
    usage: 'project[:agent]',
    summary: 'kills at once, without a drain; asks first',
    example: 'down shop',
    effect: 'destroys',
    front: 'both',
    options: [yes],
  },
  {
    name: 'logs',
    usage: 'project:agent [lines]',
    summary: 'the last lines an agent printed, 20 unless told',
    example: 'logs shop:pay 50',
    effect: 'reveals',
    front: 'both',
    aside: true,
    options: [],
  },
  {
    name: 'why',
    usage: 'project:agent',
    summary: 'why an agent runs or does not: who wants it so, what was done, how it ended',
    example: 'why shop:pay',
    effect: 'reads',
    front: 'both',
    aside: true,
    options: [],
  },
  {
    name: 'history',
    usage: '[project]',
    summary: 'recent operations with people and verdicts, and what happened unasked',
    example: 'history shop',
    effect: 'reads',
    front: 'both',
    aside: true,
    options: [
      { name: 'since', meaning: 'how far back', value: '2h', front: 'terminal' },
      { name: 'markdown', meaning: "as a post-mortem's timeline", front: 'terminal' },
      json,
    ],
  },
  {
    name: 'audit',
    usage: '',
    summary: 'every attempt of everybody, here and in Slack, allowed or not; the last 7 days unless told',
    example: 'audit --since 30d --json',
    effect: 'reads',
    front: 'terminal',
    options: [{ name: 'since', meaning: 'how far back', value: '7d' }, json],
  },
  {
    name: 'mute',
    usage: '[project[:agent]] 30m',
    summary: 'silences alerts until then; what they would have told is counted and told at the end',
    example: 'mute shop 2h',
    effect: 'changes',
    front: 'both',
    options: [],
  },
  {
    name: 'unmute',
    usage: '[project[:agent]]',
    summary: 'ends a mute before its time, and tells what it kept back',
    example: 'unmute shop',
    effect: 'changes',
    front: 'both',
    options: [],
  },
  {
    name: 'start',
    usage: '',
    summary: 'runs the bot until you stop it; the same as npm start',
    example: 'start',
    effect: 'changes',
    front: 'terminal',
    options: [],
  },
  {
    name: 'setup',
    usage: '',
    summary:
      'asks for what Muster needs to know, writes it to .env (mode 600) and has the doctor look at it. Tokens are asked for, or taken from the environment, never from the command line',
    example: 'setup --yes --service user',
    effect: 'changes',
    front: 'terminal',
    options: [
      { name: 'yes', meaning: 'asks nothing: takes the values from the environment' },
      {
        name: 'replace',
        meaning:
          "with --yes: values of the environment go before those in .env; with --service: a unit that is another one than this Muster's is written anew",
      },
      {
        name: 'service',
        value: 'user|system|none',
        meaning:
          'installs Muster as your own service of systemd, or (as root) as one of the host, with the agents under another user: docs/security.md, "Two users"',
      },
      {
        name: 'bot-user',
        value: 'NAME',
        meaning: 'with --service system: whose the bot is; muster unless told',
      },
      {
        name: 'agents-user',
        value: 'NAME',
        meaning: 'with --service system: whose agents are; agents unless told',
      },
    ],
  },
  {
    name: 'doctor',
    usage: '',
    summary:
      "holds the settings against the world: tokens, channels, people, the team's files, what keeps its agents running, who may read what. It changes nothing, and ends with 1 if anything is broken",
    example: 'doctor --json',
    effect: 'reads',
    front: 'terminal',
    options: [json],
  },
  {
    name: 'live-check',
    usage: '',
    summary:
      'posts every card in every state to a channel of your workspace, edits, replies, looks up, schedules and withdraws, and prints what Slack says to each. The token is the one in .env. It ends with 1 if Slack refused anything',
    example: 'live-check --channel C0123ABCD --delete',
    effect: 'changes',
    front: 'terminal',
    options: [
      { name: 'channel', value: 'C0123ABCD', meaning: 'where; invite the bot there first' },
      { name: 'only', value: 'NAME', many: true, meaning: 'only the cards whose name begins so' },
      { name: 'delete', meaning: 'removes what it posted, when you have looked or at once with --yes' },
      { name: 'yes', meaning: 'asks nothing' },
      { name: 'list', meaning: 'prints what it would post, and asks Slack nothing' },
    ],
  },
  {
    name: 'sandbox',
    usage: '',
    summary: "a Slack of one's own in the browser, the real bot and a team of stub agents; needs tmux alone",
    example: 'sandbox --open',
    effect: 'changes',
    front: 'terminal',
    options: [
      { name: 'open', meaning: 'shows the page in your browser' },
      { name: 'port', value: 'NUMBER', meaning: 'of the page on 127.0.0.1; a free one unless told' },
      { name: 'terminal', meaning: 'lets you type and read here as well' },
    ],
  },
  {
    name: 'demo',
    usage: '',
    summary: 'plays an incident in the sandbox and prints the conversation; needs tmux alone',
    example: 'demo --record demo.md',
    effect: 'changes',
    front: 'terminal',
    options: [{ name: 'record', value: 'FILE', meaning: 'writes the conversation as Markdown, too' }],
  },
  {
    name: 'completion',
    usage: 'bash|zsh|fish',
    summary: "prints what lets that shell complete muster's words",
    example: 'completion bash',
    effect: 'reads',
    front: 'terminal',
    options: [],
  },
] as const satisfies readonly VerbInfo[];

type Verb = (typeof verbs)[number];

export type SlackVerb = Exclude<Verb, { front: 'terminal' }>['name'];

export type TerminalVerb = Exclude<Verb, { front: 'slack' }>['name'];

export type OptionName = Verb['options'][number]['name'];

/** The verbs of one front. */
export function verbsIn(front: Front): readonly VerbInfo[] {
  return verbs.filter((verb) => verb.front === 'both' || verb.front === front);
}
