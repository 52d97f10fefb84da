import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { Incarnation } from '../../../../src/domain/observation.ts';
import { RefusedError } from '../../../../src/domain/refusal.ts';
import { createProjectLocks } from '../../../../src/operations/locks/project-locks.ts';
import { createTeamLock } from '../../../../src/operations/locks/team-lock.ts';
import { isStillRunning, ownIncarnation } from '../../../../src/supervisor/process/process-life.ts';
import { reloadInProcess } from '../../../fakes/bot/reload-in-process.ts';
import { type ReloadNews, reloadAs } from '../../../fakes/bot/reload-process.ts';
import { writeTeamTree } from '../../../fakes/team/team-tree.ts';
import { shop, shopYaml } from '../team-under-test.ts';

const top = realpathSync(mkdtempSync(join(tmpdir(), 'muster-lock-')));
afterAll(() => rmSync(top, { recursive: true, force: true }));

const self = await ownIncarnation();
/** Alive as long as this test, and not this process. */
const parent = await incarnationOfParent();
const dead: Incarnation = { ...self, startTime: '1' };
const earlierBoot: Incarnation = { ...parent, bootId: 'another boot' };

const byAna = { id: 'O-1', text: '/team reload shop', askedBy: 'U0ANA00000', since: new Date(1000) };
const byBo = { ...byAna, id: 'O-2', askedBy: 'U0BO000000' };
const blog = { kind: 'project', project: 'blog' } as const;
const team = { kind: 'team' } as const;

async function incarnationOfParent(): Promise<Incarnation> {
  const stat = readFileSync(`/proc/${process.ppid}/stat`, 'utf8');
  const startTime = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  return { ...self, pid: process.ppid, startTime };
}

function rootOf(projects: Record<string, string> = { shop: shopYaml }): string {
  return writeTeamTree(mkdtempSync(join(top, 'team-')), { projects });
}

const lockOf = (root: string, process: Incarnation) =>
  createTeamLock({ root, here: createProjectLocks(), self: process, lives: isStillRunning });

describe('between two processes', () => {
  test.each([
    ['the same project', shop, shop, 'shop'],
    ['the whole team while one project is being worked on', shop, team, 'shop'],
    ['a project while the whole team is being worked on', team, shop, 'the whole team'],
  ])(
    '%s is refused, and it is said who works on it, on what, since when and in which process',
    async (_name, held, wanted, project) => {
      const root = rootOf();
      await lockOf(root, parent).take(held, byAna);

      await expect(lockOf(root, self).take(wanted, byBo)).rejects.toThrow(
        expect.objectContaining({
          refusal: { kind: 'busy', operation: { ...byAna, project, pid: parent.pid } },
        }),
      );
    },
  );

  test('two projects don’t wait for each other', async () => {
    const root = rootOf();
    await lockOf(root, parent).take(shop, byAna);

    await expect(lockOf(root, self).take(blog, byBo)).resolves.toBeTypeOf('function');
  });

  test('what was released can be taken again', async () => {
    const root = rootOf();
    const release = await lockOf(root, parent).take(shop, byAna);
    await release();

    await expect(lockOf(root, self).take(team, byBo)).resolves.toBeTypeOf('function');
  });

  test('whoever was refused holds nothing', async () => {
    const root = rootOf();
    const release = await lockOf(root, parent).take(shop, byAna);
    const ours = lockOf(root, self);
    await expect(Promise.resolve(ours.take(team, byBo))).rejects.toThrow(RefusedError);
    await release();

    await expect(ours.take(shop, byBo)).resolves.toBeTypeOf('function');
  });

  test.each([
    ['a process that is dead', dead],
    ['a process whose number another one has by now, after the host was started anew', earlierBoot],
  ])('what %s held is free', async (_name, holder) => {
    const root = rootOf();
    await lockOf(root, holder).take(team, byAna);

    await expect(lockOf(root, self).take(shop, byBo)).resolves.toBeTypeOf('function');
  });
});

/** A team that runs, with a change for `shop:cart` still to be applied. */
async function teamWithAChange(): Promise<{ root: string; world: string }> {
  const root = rootOf();
  const world = `${root}.json`;
  writeFileSync(world, '[]');
  await reloadAs({ root, world, askedBy: 'U0ANA00000' }, () => undefined);
  writeFileSync(join(root, 'projects/shop.yaml'), shopYaml.replace('cart: {', 'cart: { model: opus,'));
  return { root, world };
}

const modelOfCart = (root: string) => readFileSync(join(root, 'state/envs/shop-cart.env'), 'utf8');

describe('a reload in a process of its own', () => {
  test('and another one at once: one runs, the other is refused and told by whom', async () => {
    const place = await teamWithAChange();
    const waiting: (() => void)[] = [];
    const startTogether = (news: ReloadNews, { go }: { go(): void }) => {
      if (news.kind === 'waiting') waiting.push(go);
      if (waiting.length === 2) for (const each of waiting.splice(0)) each();
    };
    const start = (askedBy: string) =>
      reloadInProcess({ ...place, drainMs: 500, waits: true, askedBy }, startTogether);

    const both = await Promise.all([start('U0ANA00000'), start('U0BO000000')]);

    const ends = both.map(({ news }) => news.at(-1));
    const winner = ends[0]?.kind === 'finished' ? 'U0ANA00000' : 'U0BO000000';
    expect(ends).toContainEqual({ kind: 'finished', failed: [] });
    expect(ends).toContainEqual({
      kind: 'refused',
      refusal: {
        kind: 'busy',
        operation: expect.objectContaining({ askedBy: winner, text: 'reload', project: 'the whole team' }),
      },
    });
    expect(modelOfCart(place.root)).toContain('MODEL=opus');
  });

  test('that is killed leaves its lock to the next one', async () => {
    const place = await teamWithAChange();
    const killed = await reloadInProcess(
      { ...place, drainMs: 60_000, askedBy: 'U0ANA00000' },
      (news, { kill }) => {
        if (news.kind === 'planned') kill();
      },
    );
    expect(killed.signal).toBe('SIGKILL');

    const news: ReloadNews[] = [];
    await reloadAs({ ...place, askedBy: 'U0BO000000' }, (one) => news.push(one));

    expect(news).toEqual([{ kind: 'planned' }, { kind: 'finished', failed: [] }]);
    expect(modelOfCart(place.root)).toContain('MODEL=opus');
  });

  test('stops where it notices that teamctl wrote the snapshot meanwhile', async () => {
    const place = await teamWithAChange();
    const snapshot = join(place.root, 'state/applied.json');
    const teamctls = readFileSync(snapshot, 'utf8').replace(
      /"applied_at": "[^"]*"/,
      '"applied_at": "2026-01-01T00:00:00Z"',
    );

    const { news } = await reloadInProcess({ ...place, drainMs: 1000, askedBy: 'U0ANA00000' }, (one) => {
      if (one.kind === 'planned') setTimeout(() => writeFileSync(snapshot, teamctls), 100);
    });

    expect(news.at(-1)).toEqual({
      kind: 'finished',
      failed: [expect.stringContaining('shop:cart: teamctl changed the team meanwhile')],
    });
    expect(modelOfCart(place.root)).not.toContain('MODEL=opus');
    expect(readFileSync(snapshot, 'utf8')).toBe(teamctls);
  });
});
