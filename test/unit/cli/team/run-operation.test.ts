import { expect, test } from 'vitest';
import { JournalError, missingJournal } from '../../../../src/journal/journal.ts';
import { recordsIn } from '../../../../src/operations/records/records.ts';
import { self } from '../../journal/journal-under-test.ts';
import { createRunningTeam, projectYaml, shopYaml } from '../../operations/team-under-test.ts';
import { deskOf, opened } from './context-under-test.ts';

const blog = projectYaml('blog', 'editor', []);
const twoProjects = { projects: { shop: shopYaml, blog } };
const yes = () => 'y';
const no = () => 'n';

test.each([
  ['down shop:pay', 'Hard down of shop:pay on build-1? No drain: 1 agent is killed at once'],
  ['drain shop:pay 0s', 'Drain of shop:pay on build-1? The budget is 0 s: 1 agent is asked once'],
  ['reload shop --force', 'Reload of shop on build-1? --force replaces 3 agents'],
  ['reload', 'Reload of the whole team on build-1? It touches 2 agents in 2 projects.'],
])('%s asks first, and a no touches nothing', async (line, question) => {
  const team = await createRunningTeam(twoProjects);
  team.write('projects/shop.yaml', shopYaml.replace('pay: {', 'pay: { model: other,'));
  team.write('projects/blog.yaml', blog.replace('editor:', 'editor: { model: other }'));
  const calls = team.supervisor.calls.length;
  const { type, questions } = deskOf({ ...team, host: { ...team.host, name: 'build-1' } }, [no]);

  const { code, text } = await type(line);

  expect(text.replace(/\s+/g, ' ')).toContain(question);
  expect(text).toMatch(/\nNothing was touched\.$/);
  expect(questions).toEqual(['Do this? [y/N] ']);
  expect(code).toBe(1);
  expect(team.supervisor.calls.slice(calls).every(({ verb }) => verb === 'observe')).toBe(true);
});

test('a yes counts only for what was shown: what has changed since is said, and asked again', async () => {
  const team = await createRunningTeam();
  const changes = () => {
    team.supervisor.set('shop:pay', { state: 'running' });
    return 'yes';
  };
  const { type, questions } = deskOf(team, [changes, yes]);

  const { code, text } = await type('down shop');

  expect(text.replace(/\s+/g, ' ')).toContain(
    'Nothing was touched: since this was asked, shop:pay has stopped and started again.',
  );
  expect(questions).toHaveLength(2);
  expect(team.supervisor.called('down')).toHaveLength(3);
  expect(code).toBe(0);
});

test('--yes agrees beforehand, to several projects too', async () => {
  const team = await createRunningTeam(twoProjects);
  const { type } = deskOf(team);

  expect((await type('reload --force --yes')).code).toBe(0);
  expect(team.supervisor.called('drain')).toHaveLength(4);
});

test('without the journal one can look, and nothing is changed', async () => {
  const team = await createRunningTeam();
  const journal = missingJournal(new JournalError('The journal /j cannot be used: disk full.'));
  const records = recordsIn(journal, self);
  const { type } = deskOf(team);
  const host = { ...team.host, wanted: records.wanted, drainBudgets: records.drainBudgets };
  const without = opened({ host, records });
  const calls = team.supervisor.calls.length;

  const status = await type('status', without);
  const drain = await type('drain shop', without);

  expect(status.code).toBe(0);
  expect(status.text).toContain('3 of 3 running');
  expect(status.text.replaceAll('\n', ' ')).toContain(
    'Nothing can be changed, and nobody can tell what is wanted or how agents stopped: The journal /j cannot be used: disk full.',
  );
  expect(drain).toEqual({
    code: 1,
    text: 'The journal /j cannot be used: disk full. Nothing was touched.',
  });
  expect(team.supervisor.calls.slice(calls).every(({ verb }) => verb === 'observe')).toBe(true);
});

test('an agent that cannot be seen is not started, and that is no success', async () => {
  const team = await createRunningTeam(undefined, { 'shop:pay': { state: 'unknown' } });
  const { type } = deskOf(team);

  const { code, text } = await type('up shop:pay');

  expect(text).toMatch(
    /^shop:pay: nothing was done; 0 agents running\.\n {2}shop:pay {2}left alone: unknown/,
  );
  expect(code).toBe(1);
});

test('a forced kill stays to be told in Slack; what ended well is told', async () => {
  const team = await createRunningTeam(undefined, { 'shop:pay': { drain: 'stubborn' } });
  const { type } = deskOf(team);

  expect((await type('drain shop:cart')).code).toBe(0);
  expect(team.records.operations.untold()).toEqual([]);
  expect((await type('drain shop:pay 1s')).code).toBe(3);
  expect(team.records.operations.untold()).toMatchObject([
    { operation: { request: { askedBy: 'ana@build-1', text: 'muster drain shop:pay 1s' } } },
  ]);
  expect(team.records.operations.untold()[0]?.channel).toBeUndefined();
});

test('who takes an agent down on the host is who keeps it down', async () => {
  const team = await createRunningTeam();
  const { type } = deskOf(team);

  await type('drain shop:pay');

  expect(team.records.wanted.of('shop:pay')).toMatchObject({ state: 'down', by: 'ana@build-1' });
  expect((await type('reload shop')).text).toContain('shop:pay  left alone: left down by ana@build-1');
});
