import { mkdirSync, renameSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { findTeamRoot, TeamNotFoundError } from '../../../src/team/discover.ts';
import { writeTeamTree } from '../../fakes/team/team-tree.ts';
import { temporaryDirectory } from './loaded-team.ts';

const env = {};

describe('a team is found', () => {
  test('where the given root says, whatever else is set', () => {
    const root = writeTeamTree(temporaryDirectory(), { projects: {} });
    const other = writeTeamTree(temporaryDirectory(), { projects: {} });

    expect(findTeamRoot({ root, env: { TEAMCTL_ROOT: other }, cwd: other })).toBe(root);
  });

  test('where TEAMCTL_ROOT says, if it says anything', () => {
    const root = writeTeamTree(temporaryDirectory(), { projects: {} });
    const cwd = temporaryDirectory();
    const here = writeTeamTree(cwd, { projects: {} });

    expect(findTeamRoot({ env: { TEAMCTL_ROOT: root }, cwd })).toBe(root);
    expect(findTeamRoot({ env: { TEAMCTL_ROOT: '' }, cwd })).toBe(here);
    expect(findTeamRoot({ root: '', env, cwd })).toBe(here);
  });

  test('in the nearest .team above', () => {
    const top = temporaryDirectory();
    writeTeamTree(top, { projects: {} });
    const nearest = writeTeamTree(join(top, 'a'), { projects: {} });
    mkdirSync(join(top, 'a/b/.team'), { recursive: true });

    expect(findTeamRoot({ env, cwd: join(top, 'a/b') })).toBe(nearest);
  });

  test('by its real path, links resolved', () => {
    const root = writeTeamTree(temporaryDirectory(), { projects: {} });
    const link = join(temporaryDirectory(), 'link');
    symlinkSync(root, link);

    expect(findTeamRoot({ root: link, env, cwd: '/' })).toBe(root);
    expect(findTeamRoot({ env: { TEAMCTL_ROOT: link }, cwd: '/' })).toBe(root);
  });

  test('if its compose file is missing too, so that loading can say so', () => {
    const root = temporaryDirectory();

    expect(findTeamRoot({ root, env, cwd: '/' })).toBe(root);
  });
});

describe('a team is not found', () => {
  test.each([
    ['the root that was given', (path: string) => ({ root: path, env })],
    ['TEAMCTL_ROOT', (path: string) => ({ env: { TEAMCTL_ROOT: path } })],
  ])('where %s names no directory, and that is said', (source, where) => {
    const find = () => findTeamRoot({ ...where('/no/such'), cwd: '/' });

    expect(find).toThrow(TeamNotFoundError);
    expect(find).toThrow(
      `${source} is /no/such, which cannot be opened (ENOENT). Set it to the directory that holds team-compose.yaml.`,
    );
  });

  test('where the root’s parent was given, and the root is named', () => {
    const parent = temporaryDirectory();
    writeTeamTree(parent, { projects: {} });

    expect(() => findTeamRoot({ root: parent, env, cwd: '/' })).toThrow(`Set it to ${parent}/.team.`);
  });

  test('in a compose file that lies outside a .team', () => {
    const cwd = temporaryDirectory();
    renameSync(writeTeamTree(cwd, { projects: {} }), join(cwd, 'flat'));

    expect(() => findTeamRoot({ env, cwd: join(cwd, 'flat') })).toThrow(
      `There is no .team/team-compose.yaml in ${cwd}/flat or in any directory above it. Start in the team's repository, or set TEAM_ROOT`,
    );
  });
});
