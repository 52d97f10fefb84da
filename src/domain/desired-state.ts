/** How long somebody wants an agent to get from now on, whatever the team's files say. */
export interface DrainBudget {
  readonly budgetMs: number;
  readonly by: string;
  readonly at: Date;
}

/** Stands for a person where somebody on the host, not through Muster, made an agent run. */
export const outside = 'outside';

/** An agent that is to stay down. */
export interface WantedDown {
  /** The id of the person who asked. */
  readonly by: string;
  readonly at: Date;
}

/** An agent's last word. */
export type WantedState = WantedDown & { readonly state: 'up' | 'down' };
