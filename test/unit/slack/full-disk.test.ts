import { expect, test } from 'vitest';
import { createDeliveries } from '../../../src/slack/records/deliveries.ts';
import { until } from '../../fakes/until.ts';
import { diskOf } from '../journal/journal-under-test.ts';
import { startBot } from './bot-under-test.ts';

test('a command that a full disk stops when its card stands is cancelled in its card, and settled once there is room', async () => {
  await using bot = await startBot();
  const { journal, operations } = bot.team.records;
  const deliveries = createDeliveries(journal);
  const disk = diskOf(journal);
  bot.slack.events.once('message', () => disk.fill());

  await bot.say('ana', '/team restart shop:pay');

  const [card, told] = bot.slack.messages('ops').map(({ text }) => text);
  expect(card).toMatch(/^Cancelled\. The journal .* disk is full.*Nothing was touched\.$/);
  expect(told).toMatch(/disk is full.*Nothing was touched\.$/);
  expect(bot.team.supervisor.called('drain')).toEqual([]);
  disk.free();
  await until('it is settled', () => operations.unfinished().length === 0);
  expect(deliveries.forgotten()).toEqual([]);
  expect(operations.untold()).toEqual([]);

  await bot.say('ana', '/team restart shop:pay');
  expect(bot.last().text).toContain('Restarted *shop:pay*');
});

test('what was done while the disk was full is on record, over and told once there is room', async () => {
  await using bot = await startBot({ agents: { 'shop:pay': { drain: { afterMs: 1000 } } } });
  const { journal, operations } = bot.team.records;
  const disk = diskOf(journal);

  const drained = bot.say('ana', '/team drain shop:pay');
  const [{ operation }] = await until('it is under way', () => {
    const logged = operations.unfinished();
    return logged[0]?.events.some(({ kind }) => kind === 'noted') ? [logged[0]] : undefined;
  });
  disk.fill();
  await drained;

  expect(bot.last().text).toMatch(/Drained \*shop:pay\*.*:x: The journal .* disk is full/);
  disk.free();
  await until('it is told', () => operations.unfinished().length + operations.untold().length === 0);
  const logged = operations.find(operation.id);
  expect(logged?.events.map(({ kind }) => kind)).toEqual(['draining', 'noted', 'drained']);
  expect(logged?.verdict).toBeDefined();
});
