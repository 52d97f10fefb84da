import { summaryIn, usageIn } from '../language/verb.ts';
import { verbsIn } from '../language/verbs.ts';
import { readRoster } from '../operations/plan/roster.ts';
import type { Sandbox } from './sandbox.ts';

/** What the composer completes and the welcome explains. */
export interface PageWords {
  /** The sub-commands of `/team`. */
  readonly commands: readonly { readonly name: string; readonly usage: string; readonly summary: string }[];
  /** Ids of the team's agents, project by project. */
  readonly agents: readonly string[];
  /** Handles of people who may change things. */
  readonly operators: readonly string[];
  /** How long a drain waits. */
  readonly budgetSeconds: number;
  /** Where the team's files lie. */
  readonly root: string;
}

/** Whoever types sees each with its options. */
export function commandWords(): PageWords['commands'] {
  return verbsIn('slack').map((verb) => ({
    name: verb.name,
    usage: usageIn('slack', verb).slice(`${verb.name} `.length),
    summary: summaryIn('slack', verb),
  }));
}

export async function pageWords({ host, operators }: Sandbox): Promise<PageWords> {
  const { team, agents } = await readRoster(host);
  return {
    commands: commandWords(),
    agents: agents.map(({ id }) => id),
    operators,
    budgetSeconds: team.kind === 'loaded' ? team.team.drainTimeoutMs / 1000 : 0,
    root: host.root,
  };
}
