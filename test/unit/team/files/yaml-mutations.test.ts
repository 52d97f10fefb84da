import { readdirSync, statSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { loadTeam } from '../../../../src/team/files/load.ts';
import { rounds } from '../../../fakes/rounds.ts';
import { writeTeamTree } from '../../../fakes/team/team-tree.ts';
import { temporaryDirectory } from '../loaded-team.ts';
import { mutatedYaml } from './mutated-yaml.ts';

const numRuns = rounds('mutated YAML', { test: 500, soak: 10_000 });

test('whatever the YAML, a team is accepted or refused with a line number, and no file is touched', async () => {
  const directory = temporaryDirectory();
  await fc.assert(
    fc.asyncProperty(
      mutatedYaml('compose'),
      mutatedYaml('project'),
      mutatedYaml('runtime'),
      async (compose, shop, robot) => {
        const root = writeTeamTree(directory, { compose, projects: { shop }, runtimes: { robot } });
        const before = filesIn(root);
        const result = await loadTeam(root, { supervisorTypes: ['tmux'] });

        expect(filesIn(root)).toEqual(before);
        const complaints = result.kind === 'refused' ? result.complaints : [];
        expect(complaints.length > 0).toBe(result.kind === 'refused');
        for (const { line: at, file, found, expected } of [...complaints, ...result.warnings]) {
          expect(at).toBeGreaterThanOrEqual(1);
          expect(Boolean(file && found && expected)).toBe(true);
        }
      },
    ),
    { numRuns },
  );
}, 600_000);

/** Every file and directory, with the time of its last change. */
function filesIn(root: string): readonly string[] {
  const paths = ['.', ...readdirSync(root, { recursive: true, encoding: 'utf8' })];
  return paths.map((path) => `${path} ${statSync(`${root}/${path}`).mtimeMs}`);
}
