import { expect, test, vi } from 'vitest';
import { tellForgotten } from '../../../src/slack/forgotten.ts';
import { newRecords } from '../operations/journal-under-test.ts';
import { keptLog } from './slack-under-test.ts';

test.each([
  ['/team drain shop', 'before it began with /team drain shop ('],
  ['/team drain <!here>', 'before it began with /team drain &lt;!here&gt; ('],
  ['question_accept q-1fb5e23cd23e10c5867d5b26', 'before it began with what you pressed ('],
])(
  'who asked for %s of a Muster that died before it began with that is told so, once',
  async (text, words) => {
    const { deliveries } = newRecords();
    deliveries.accept({ delivery: 'one', person: 'U0ANA00000', channel: 'C0OPS00000', text, changes: true });
    const post = vi.fn(async ({ channel }: { channel: string }) => ({
      channel,
      ts: '1.1',
      edit: () => undefined,
      settled: async () => undefined,
    }));

    for (let start = 0; start < 2; start += 1) {
      await tellForgotten(deliveries, { writer: { post }, log: keptLog() });
    }

    expect(post).toHaveBeenCalledExactlyOnceWith({
      channel: 'C0OPS00000',
      id: expect.stringMatching(/^E-/),
      content: expect.objectContaining({
        text: expect.stringContaining(`<@U0ANA00000> Muster was restarted ${words}`),
      }),
    });
  },
);

test('who cannot be told now is told by the next Muster', async () => {
  const { deliveries } = newRecords();
  const log = keptLog();
  deliveries.accept({ delivery: 'one', person: 'U1', channel: 'C1', text: '/team up', changes: true });

  await tellForgotten(deliveries, { writer: { post: () => Promise.reject(new Error('no Slack')) }, log });

  expect(deliveries.forgotten()).toHaveLength(1);
});
