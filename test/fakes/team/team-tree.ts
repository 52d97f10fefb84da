import { mkdirSync, realpathSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

export interface TeamTree {
  /** `team-compose.yaml`; without it one that lists `projects` and leaves everything else to the defaults. */
  readonly compose?: string;
  /** Content by name: `shop` is `projects/shop.yaml`. */
  readonly projects: Readonly<Record<string, string>>;
  /** Content by name: `lead` is `roles/lead.md`. */
  readonly roles?: Readonly<Record<string, string>>;
  /** Content by name: `robot` is `runtimes/robot.yaml`. */
  readonly runtimes?: Readonly<Record<string, string>>;
}

/** Writes `directory`/.team and gives its canonical path. */
export function writeTeamTree(directory: string, { compose, projects, roles, runtimes }: TeamTree): string {
  const root = join(directory, '.team');
  const write = (path: string, content: string) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  };
  write('team-compose.yaml', compose ?? composeFor(Object.keys(projects)));
  for (const [name, content] of Object.entries(projects)) write(`projects/${name}.yaml`, content);
  for (const [name, content] of Object.entries(roles ?? {})) write(`roles/${name}.md`, content);
  for (const [name, content] of Object.entries(runtimes ?? {})) write(`runtimes/${name}.yaml`, content);
  return realpathSync(root);
}

function composeFor(names: readonly string[]): string {
  const files = names.map((name) => `  - file: projects/${name}.yaml\n`).join('');
  return `version: 2\nprojects:${files === '' ? ' []\n' : `\n${files}`}`;
}
