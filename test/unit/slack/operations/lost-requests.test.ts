import { expect, test, vi } from 'vitest';
import { createForgotten } from '../../../../src/slack/operations/lost-requests.ts';
import { createRetelling } from '../../../../src/slack/outbox/retelling.ts';
import { newRecords } from '../../journal/journal-under-test.ts';
import { keptLog } from '../slack-under-test.ts';

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
      const forgotten = createForgotten(deliveries, { writer: { post }, retelling: retellingAt() });
      for (let look = 0; look < 2; look += 1) await forgotten.tell();
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

test('who cannot be told now is told when Slack is back, and nobody of a command that has come since', async () => {
  const { deliveries } = newRecords();
  const accept = (delivery: string) =>
    deliveries.accept({ delivery, person: 'U1', channel: 'C1', text: '/team up', changes: true });
  accept('one');
  let now = 0;
  const message = { channel: 'C1', ts: '1.1', edit: () => undefined, settled: async () => undefined };
  const post = vi.fn(async () => message).mockRejectedValueOnce(new Error('no Slack'));
  const forgotten = createForgotten(deliveries, { writer: { post }, retelling: retellingAt(() => now) });

  await forgotten.tell();
  accept('two');
  for (now = 1000; now <= 120_000; now += 1000) await forgotten.tell();

  expect(post).toHaveBeenCalledTimes(2);
  expect(deliveries.forgotten().map(({ delivery }) => delivery)).toEqual(['two']);
});

function retellingAt(now = () => 0) {
  return createRetelling({ log: keptLog(), now });
}
