import { expect, test } from 'vitest';
import type { Operation } from '../../../../src/domain/operation.ts';
import { planRequest } from '../../../../src/operations/plan/make-plan.ts';
import { createOperationLog, type OperationLog } from '../../../../src/operations/records/operation-log.ts';
import { until } from '../../../fakes/until.ts';
import { agent, asked, type TeamUnderTest } from '../../operations/team-under-test.ts';
import { type BotUnderTest, startBot } from '../bot-under-test.ts';

const ops = 'C0OPS000000';
const stubborn = { 'shop:pay': { drain: 'stubborn' } } as const;

/** What process 1 did about a drain of `shop:pay` before it died. */
const left = (did: (log: OperationLog, operation: Operation) => void) => async (team: TeamUnderTest) => {
  const request = asked({ verb: 'drain', selection: agent('shop:pay'), budgetMs: 50, text: '/team drain' });
  const { plan } = await planRequest(team.host, request);
  const log = createOperationLog(team.records.journal, { pid: 1, startTime: '1', bootId: 'fake-boot' });
  const operation = { id: 'O-222222', request, plan, startedAt: new Date() };
  log.begin(operation);
  did(log, operation);
};

const texts = (bot: BotUnderTest, channel: string) => bot.slack.messages(channel).map(({ text }) => text);

async function told(bot: BotUnderTest): Promise<void> {
  const { operations } = bot.team.records;
  await until('it is told', () => operations.unfinished().length + operations.untold().length === 0);
}

test('what a dead process let go is shown to its end, and its forced kill told in the alert channel', async () => {
  const before = left((log, { id }) => {
    log.shown(id, { channel: ops });
    log.goes(id);
  });
  await using bot = await startBot({ agents: stubborn, before });

  await told(bot);

  expect(texts(bot, 'ops')).toEqual([expect.stringMatching(/^:warning: .*Drained \*shop:pay\*/s)]);
  expect(bot.slack.thread(bot.last().ts)).toHaveLength(3);
  expect(texts(bot, 'alerts')).toEqual([expect.stringContaining('*shop:pay* had to be killed')]);
});

test('what a dead process had not let go is cancelled where it was asked for, and touches nobody', async () => {
  await using bot = await startBot({ before: left((log, { id }) => log.shown(id, { channel: ops })) });

  await told(bot);

  expect(texts(bot, 'ops')).toEqual([
    'Cancelled. Muster ended before it had shown what was to be done, so nothing was touched; ask again',
  ]);
  expect(bot.team.supervisor.called('drain')).toEqual([]);
});

test('what another process ended and did not tell is told from its record', async () => {
  const before = left((log, operation) => {
    log.shown(operation.id, { channel: ops });
    log.goes(operation.id);
    log.finish(operation, { at: new Date(), error: 'no space left' });
  });
  await using bot = await startBot({ before });

  await told(bot);

  expect(texts(bot, 'ops')).toEqual([expect.stringContaining('no space left')]);
});

test('of what was asked for on the host Slack hears of the forced kill alone', async () => {
  await using bot = await startBot({ agents: stubborn, before: left((log, { id }) => log.goes(id)) });

  await told(bot);

  expect(texts(bot, 'ops')).toEqual([]);
  expect(texts(bot, 'alerts')).toEqual([expect.stringContaining('*shop:pay* had to be killed')]);
});

test('what ended while its channel was taken from Muster is told in the alert channel', async () => {
  const before = left((log, { id }) => {
    log.shown(id, { channel: 'C0GONE00000' });
    log.goes(id);
  });
  await using bot = await startBot({ before });

  await told(bot);

  expect(texts(bot, 'ops')).toEqual([]);
  expect(texts(bot, 'alerts')).toEqual([expect.stringMatching(/Drained \*shop:pay\*.*This is told here/s)]);
});
