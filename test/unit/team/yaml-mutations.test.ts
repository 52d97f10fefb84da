import fc from 'fast-check';
import { expect, test } from 'vitest';
import { loadTeam } from '../../../src/team/load.ts';
import { writeTeamTree } from '../../fakes/team-tree.ts';
import { temporaryDirectory } from './loaded-team.ts';
import { mutatedYaml } from './mutated-yaml.ts';

test('whatever the YAML, a team is accepted or refused with a line number', async () => {
  const directory = temporaryDirectory();
  await fc.assert(
    fc.asyncProperty(
      mutatedYaml('compose'),
      mutatedYaml('project'),
      mutatedYaml('runtime'),
      async (compose, shop, robot) => {
        const root = writeTeamTree(directory, { compose, projects: { shop }, runtimes: { robot } });
        const result = await loadTeam(root, { supervisorTypes: ['tmux'] });

        const complaints = result.kind === 'refused' ? result.complaints : [];
        expect(complaints.length > 0).toBe(result.kind === 'refused');
        for (const { line: at, file, found, expected } of [...complaints, ...result.warnings]) {
          expect(at).toBeGreaterThanOrEqual(1);
          expect(Boolean(file && found && expected)).toBe(true);
        }
      },
    ),
    { numRuns: Number(process.env.SOAK_RUNS ?? 500) },
  );
});
