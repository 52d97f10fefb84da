import { expect, test } from 'vitest';
import { createMutes } from '../../../../src/watch/alerts/mutes.ts';
import { createRunningTeam } from '../../operations/team-under-test.ts';
import { deskOf } from './context-under-test.ts';

test('a mute is on record with who asked for it, and its end says what it kept back and leaves the telling to the bot', async () => {
  const team = await createRunningTeam();
  const { type } = deskOf(team);
  const mutes = createMutes(team.records.journal);

  const muted = await type('mute shop 2h');
  const [mute] = mutes.all();
  if (mute === undefined) throw new Error('nothing is muted');
  mutes.keep(mute, { agent: 'shop:pay', kind: 'died', at: new Date() });
  const over = await type('unmute shop');

  expect(muted.code).toBe(0);
  expect(muted.text).toMatch(/^Alerts about shop are muted by ana@build-1 until /);
  expect(mute).toMatchObject({ what: 'shop', by: 'ana@build-1' });
  expect(over.text).toMatch(/^Alerts about shop are told again; they were muted by ana@build-1 /);
  expect(over.text).toMatch(/\n- shop:pay died at \d\d:\d\d:\d\d$/);
  expect(mutes.untold()).toMatchObject([{ endedBy: 'ana@build-1' }]);
});

test('what is not there is not muted, and what is not muted is said with what is', async () => {
  const { type } = deskOf(await createRunningTeam());

  const unknown = await type('mute shpo 2h');
  await type('mute 30m');
  const other = await type('unmute shop');

  expect([unknown.code, unknown.text]).toEqual([1, 'There is no project shpo. Did you mean shop?']);
  expect(other.text).toBe('Alerts about shop are not muted. Muted: the whole team.');
});
