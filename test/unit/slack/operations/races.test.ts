import { expect, test } from 'vitest';
import type { AgentId } from '../../../../src/domain/agent.ts';
import { rounds } from '../../../fakes/rounds.ts';
import { projectYaml } from '../../operations/team-under-test.ts';
import { startBot } from '../bot-under-test.ts';

const count = rounds('rounds of ten races of two people for one button', { test: 1, soak: 10 });
const projects = Array.from({ length: 10 }, (_, index) => `p${index}`);
const leads = projects.map((id): AgentId => `${id}:lead`);
/** Nobody may ask more than twenty times a minute. */
const five = (role: string) => Array.from({ length: 5 }, (_, index) => `${role}${index}`);
const [askers, ones, others] = [five('asker'), five('one'), five('other')];
const turn = (side: readonly string[], index: number) => side[index % side.length] ?? '';

test('of races of two people for one button each has one effect, and who is second reads why nothing happened', async () => {
  const operators = [...askers, ...ones, ...others];
  await using bot = await startBot({
    tree: { projects: Object.fromEntries(projects.map((id) => [id, projectYaml(id, 'lead', [])])) },
    slack: { people: operators.map((name) => ({ name })) },
    operators,
    confirm: 'second-person',
  });
  const { slack, team } = bot;
  const closed = () =>
    slack.log.filter(
      ({ method, args }) => method === 'response_url' && /This question is closed/.test(String(args.text)),
    ).length;

  for (let round = 1; round <= count; round++) {
    for (const id of leads) team.supervisor.set(id, { state: 'running' });
    const before = slack.messages('ops').length;
    await Promise.all(
      projects.map((id, index) => slack.slash(turn(askers, index), 'ops', `/team down ${id}`)),
    );
    await bot.idle();
    const questions = slack.messages('ops').slice(before);
    expect(questions).toHaveLength(projects.length);

    await Promise.all(
      questions.flatMap((question, index) =>
        [ones, others].map((side) => slack.press(turn(side, index), question, 'question_accept')),
      ),
    );
    await bot.idle();

    expect(
      team.supervisor
        .called('down')
        .slice((round - 1) * leads.length)
        .sort(),
    ).toEqual(leads);
    expect(closed()).toBe(round * leads.length);
  }
}, 60_000);
