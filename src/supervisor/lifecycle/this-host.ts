import type { AgentSpec } from '../../domain/agent.ts';
import type { NotedAgent, NotedProcess, WorkTree } from '../../domain/stop-record.ts';
import { bootId } from '../process/process-life.ts';
import { readProcessTable } from '../process/process-table.ts';
import { leftOf } from '../process/stop-target.ts';
import type { Environment } from '../programs/environment.ts';
import { isInstalled } from '../programs/installed.ts';
import { readWorkTree } from '../programs/work-tree.ts';
import type { Supervisor } from '../supervisor.ts';

type Seen = Pick<Required<Supervisor>, 'whatIsLeft' | 'isSameBoot' | 'readWorkTree' | 'hasProgram'>;

/** What every back-end whose agents are processes of this host can say without its manager. */
export abstract class OnThisHost implements Seen {
  readonly #root: string;
  readonly #path: string | undefined;

  /** `root`: the team's; `env`: what agents inherit. */
  constructor({ root, env }: { readonly root: string; readonly env: Environment }) {
    this.#root = root;
    this.#path = env.PATH;
  }

  async whatIsLeft(_agent: AgentSpec, noted: NotedAgent): Promise<readonly NotedProcess[]> {
    return leftOf(noted, await readProcessTable(), bootId());
  }

  isSameBoot(_agent: AgentSpec, named: string): boolean {
    return named === bootId();
  }

  async readWorkTree({ cwd }: AgentSpec): Promise<WorkTree | undefined> {
    return readWorkTree(cwd, this.#path);
  }

  async hasProgram(program: string): Promise<boolean> {
    return isInstalled(program, this.#root, this.#path);
  }
}
