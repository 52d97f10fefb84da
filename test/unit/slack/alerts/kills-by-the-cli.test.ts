import { expect, test } from 'vitest';
import { newId } from '../../../../src/domain/operation.ts';
import { createProjectLocks } from '../../../../src/operations/locks/project-locks.ts';
import { planRequest } from '../../../../src/operations/plan/make-plan.ts';
import { createLocalSite } from '../../../../src/site/local-site.ts';
import type { Failure } from '../../../../src/slack/connection/failures.ts';
import { createShowing } from '../../../../src/slack/operations/showing.ts';
import { createOperationMessages } from '../../../../src/slack/records/operation-messages.ts';
import { self } from '../../journal/journal-under-test.ts';
import { agent, asked, createRunningTeam } from '../../operations/team-under-test.ts';
import { keptLog } from '../slack-under-test.ts';

const never = () => {
  throw new Error('a host command has no message');
};
const writer = { post: never, existing: never, flush: async () => undefined };

/** What shows operations, whose alert channel answers as told, beside what the host command has done. */
async function afterHostKill(answers: (Failure | undefined)[], killed = true) {
  const team = await createRunningTeam(undefined, killed ? { 'shop:pay': { drain: 'stubborn' } } : {});
  const { operations } = team.records;
  const request = asked({ verb: 'drain', selection: agent('shop:pay'), askedBy: 'ana@build-1', budgetMs: 5 });
  const { plan } = await planRequest(team.host, request);
  const operation = { id: newId('O'), request, plan, startedAt: new Date() };
  operations.begin(operation);
  const { events } = await team.run(request);
  for (const event of events) operations.record(operation, event);
  operations.finish(operation, { at: new Date() });
  const alerted: string[][] = [];
  const alerts = {
    channel: 'C0ALERTS000',
    about: () => ({
      isHere: false,
      lines: 0,
      killed: (kills: readonly { readonly step: { readonly id: string } }[]) =>
        void alerted.push(kills.map(({ step }) => step.id)),
      settled: async () => answers.shift(),
    }),
  };
  const lives = async () => true;
  const { host, records } = team;
  const site = createLocalSite({ host, records, locks: createProjectLocks(), self, lives });
  const messages = createOperationMessages({ operations, lives });
  const showing = createShowing({ site, writer, alerts, messages, hostName: host.name, log: keptLog() });
  const look = async () => {
    for (const logged of await messages.untold(showing.owes)) await showing.goOn(logged);
  };
  return { look, alerted, untold: () => operations.untold().length };
}

test('a forced kill ordered on the host is told in the alert channel, and then no more', async () => {
  const { look, alerted, untold } = await afterHostKill([undefined]);

  await look();
  await look();

  expect(alerted).toEqual([['shop:pay']]);
  expect(untold()).toBe(0);
});

test('an alert that cannot be posted stays to be told, and is not tried again at once', async () => {
  const { look, alerted, untold } = await afterHostKill([
    { kind: 'refused', words: 'not_in_channel' },
    undefined,
  ]);

  await look();
  await look();

  expect(alerted).toHaveLength(1);
  expect(untold()).toBe(1);
});

test('what ended well on the host is nobody’s news', async () => {
  const { look, alerted, untold } = await afterHostKill([undefined], false);

  await look();

  expect(alerted).toEqual([]);
  expect(untold()).toBe(0);
});
