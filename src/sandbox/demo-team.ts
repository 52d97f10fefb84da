import { chmod, mkdir, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A team tree of stub agents, and the programs that stand in for the real ones. */
export interface DemoTeam {
  readonly root: string;
  /** Holds `claude`, `codex` and `gemini`; goes first on the PATH of whoever starts the agents. */
  readonly bin: string;
  /** Changes an agent's model in the project's file, as a person with an editor would. */
  setModel(project: string, agent: string, model: string): Promise<void>;
  /** Makes an agent behave like another one, such as `stubborn`, whatever its model; without a mood, as its model says. */
  setMood(agent: string, mood: string | undefined): Promise<void>;
}

const compose = `version: 2
supervisor:
  type: tmux
  tmux_prefix: demo-
  drain_timeout_secs: 4
projects:
  - file: projects/shop.yaml
  - file: projects/blog.yaml
`;

const shop = `version: 2
project: { id: shop, name: The Shop, cwd: .. }
managers:
  lead: { runtime: claude-code, model: stub-polite }
workers:
  cart: { runtime: gemini, model: stub-slow, reports_to: lead }
  pay: { runtime: codex, model: stub-stubborn, reports_to: lead }
  search: { runtime: claude-code, model: stub-two-ctrl-c, reports_to: lead }
`;

const blog = `version: 2
project: { id: blog, name: The Blog, cwd: .. }
managers:
  editor: { runtime: claude-code, model: stub-polite }
workers:
  crashy: { runtime: codex, model: 'stub-crashing:after=3s', reports_to: editor }
  writer: { runtime: codex, model: stub-polite, reports_to: editor }
`;

const stub = fileURLToPath(new URL('./stub-agent.js', import.meta.url));

export async function writeDemoTeam(directory: string): Promise<DemoTeam> {
  const tree = join(directory, 'shop-and-blog', '.team');
  const bin = join(directory, 'bin');
  await mkdir(join(tree, 'projects'), { recursive: true });
  const moods = join(directory, 'moods');
  await mkdir(bin);
  await mkdir(moods);
  await writeFile(join(tree, 'team-compose.yaml'), compose);
  await writeFile(join(tree, 'projects/shop.yaml'), shop);
  await writeFile(join(tree, 'projects/blog.yaml'), blog);
  for (const program of ['claude', 'codex', 'gemini']) {
    const path = join(bin, program);
    await writeFile(path, `#!/bin/sh\nexec '${process.execPath}' '${stub}' --moods '${moods}' "$@"\n`);
    await chmod(path, 0o755);
  }
  return {
    root: await realpath(tree),
    bin,
    async setModel(project, agent, model) {
      const path = join(tree, `projects/${project}.yaml`);
      const before = await readFile(path, 'utf8');
      const after = before.replace(
        new RegExp(`(\\b${agent}: \\{[^}]*model: )[^,}]+?( *[,}])`),
        `$1${model}$2`,
      );
      if (after === before) throw new Error(`${path} has no agent ${agent} with another model than ${model}`);
      await writeFile(path, after);
    },
    setMood: (agent, mood) =>
      mood === undefined ? rm(join(moods, agent), { force: true }) : writeFile(join(moods, agent), mood),
  };
}
