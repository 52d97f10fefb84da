import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { buttonsOf, type MessageButton } from '../../../packages/slack-stand-in/src/render/buttons.ts';
import type { SlackStandIn } from '../../../packages/slack-stand-in/src/slack-stand-in.ts';
import { expectNothingPostedTwice, posts } from '../../fakes/bot/crash-checks.ts';
import {
  type Behaviour,
  otherModel,
  projectFile,
  type TeamOnDisk,
  writeTeam,
} from '../../fakes/bot/e2e-agents.ts';
import { startE2eBotForTest } from '../../fakes/bot/e2e-bot.ts';
import { watchedFrom } from '../../fakes/bot/killed-there.ts';
import { createDice, type Dice } from '../../fakes/dice.ts';
import { type JournalOnDisk, journalOnDisk } from '../../fakes/team/journal-on-disk.ts';
import { until } from '../../fakes/until.ts';

const isSoak = process.env.MUSTER_SOAK === '1';
/** In `npm test` always the same, so that a change of the product is what turns it red. */
const seed = Number(process.env.MUSTER_SEED ?? (isSoak ? Date.now() % 1_000_000 : 4711));
const lastsMs = isSoak ? 180_000 : 30_000;
const agentsInEach = 6;
const operators = ['ana', 'cy'] as const;

const behaviours: readonly Behaviour[] = ['polite', 'stubborn', 'polite', 'polite', 'stubborn', 'polite'];
const names: readonly [string, ...string[]] = [
  'a0',
  ...Array.from({ length: agentsInEach - 1 }, (_, index) => `a${index + 1}`),
];
const busy: readonly [string, ...string[]] = ['north', 'east', 'south'];
const workers = Object.fromEntries(names.map((name, index) => [name, behaviours[index] ?? 'polite']));
/** Nobody ever asks about them. */
const kept = ['calm:a0', 'calm:a1'];

test(
  'whatever people ask for, and however often Muster is killed meanwhile, journal and world agree in the end and nobody else is touched',
  async () => {
    process.stdout.write(`chaos: MUSTER_SEED=${seed}, ${lastsMs / 1000} s (180 s in npm run soak:tests)\n`);
    const settings: NodeJS.ProcessEnv = {};
    const bot = await startE2eBotForTest({
      operators,
      settings,
      team(directory) {
        const made = writeTeam(directory, {
          projects: {
            ...Object.fromEntries(busy.map((name) => [name, projectFile(name, { workers })])),
            calm: projectFile('calm', { workers: { a0: 'polite', a1: 'polite' } }),
          },
        });
        // Its orders never come: all it does is not to keep Slack's pace.
        settings.NODE_OPTIONS = watchedFrom(made.root, join(directory, 'no-order'));
        return made;
      },
      up: [...busy, 'calm'],
    });
    const { slack, team } = bot;
    const journal = journalOnDisk(team.root);
    const before = new Map(kept.map((id) => [id, team.pid(id)]));
    const end = Date.now() + lastsMs;
    let model = 1;
    let kills = 0;

    async function ask(dice: Dice, person: string): Promise<void> {
      const project = dice.pick(busy);
      const one = `${project}:${dice.pick(names)}`;
      const agrees = dice.chance(0.7);
      if (dice.chance(0.5)) {
        model += 1;
        team.edit(project, otherModel(dice.pick(names), `m${model}`));
      }
      const command = dice.pick([
        `reload ${project}`,
        `drain ${one} 1s`,
        `drain ${project} 1s`,
        `down ${one}`,
        `up ${project}`,
        `up ${project}`,
        `restart ${one}`,
        `status ${project}`,
      ]);
      await slack.slash(person, 'ops', `/team ${command}`);
      const question = slack.messages('ops').findLast((message) => buttonsOf(message).some(isYes));
      const yes = question && buttonsOf(question).find(isYes);
      if (question && yes && agrees) await slack.press(person, question, yes);
    }

    async function asks(person: string, dice: Dice): Promise<void> {
      while (Date.now() < end) {
        await ask(dice, person);
        // Nobody may ask more often than 20 times a minute.
        await delay(dice.between(1000, 5000));
      }
    }

    /** On a busy host there is time for few. */
    async function kill(dice: Dice): Promise<void> {
      while (Date.now() < end || kills < 3) {
        await delay(dice.between(300, 5000));
        await bot.end('SIGKILL');
        kills += 1;
        await bot.startAgain();
      }
    }

    await Promise.all([
      ...operators.map((person, index) => asks(person, createDice(seed + index))),
      kill(createDice(seed + operators.length)),
    ]);
    await until('all is settled and told', () => journal.isQuiet(), 60_000);

    for (const id of kept) expect(team.pid(id), id).toBe(before.get(id));
    expectNothingPostedTwice(slack.log);
    expectWorldAsWanted(team, journal);
    expectReceiptsTold(slack, journal);
  },
  lastsMs + 120_000,
);

/** Of a question; [Kill now] of a running drain is another button. */
function isYes({ label }: MessageButton): boolean {
  return /^Kill \d/.test(label);
}

/** What is wanted down is down, and everything else is up. */
function expectWorldAsWanted(team: TeamOnDisk, { rows }: JournalOnDisk): void {
  const down = rows<{ agent: string }>("select agent from wanted where state = 'down'");
  const all = busy.flatMap((project) => names.map((name) => `${project}:${name}`));
  const dead = all.filter((id) => team.pid(id) === undefined);
  expect(dead.sort(), 'agents that do not run').toEqual(down.map(({ agent }) => agent).sort());
  const doubles = all.filter((id) => team.living(id).length > 1);
  expect(doubles, 'agents that run twice').toEqual([]);
}

/** Every forced kill has its receipt, told once where it was asked for and once in the alert channel. */
function expectReceiptsTold(slack: SlackStandIn, { rows }: JournalOnDisk): void {
  const receipts = rows<{ id: string }>('select id from receipts').map(({ id }) => id);
  const killed = rows(
    "select 1 from events where kind = 'drained' and json_extract(data, '$.result.outcome') = 'TimedOutKilled'",
  );
  expect(receipts.length).toBe(killed.length);
  const told = posts(slack.log).filter(({ id }) => id.startsWith('R-'));
  const channels = ['ops', 'alerts'].map((name) => slack.workspace.channel(name).id);
  for (const channel of channels) {
    const here = told.filter((post) => post.channel === channel).map(({ id }) => id);
    expect(here.sort(), channel).toEqual([...receipts].sort());
  }
}
