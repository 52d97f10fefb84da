import { setTimeout as delay } from 'node:timers/promises';
import type { Message } from '../../packages/slack-stand-in/src/server/message-store.ts';
import type { Telling } from './demo-telling.ts';
import type { Sandbox } from './sandbox.ts';

/** Nobody presses before they have read. */
const readingMs = 1500;

/** An incident from the first look to the last, played by people against the real bot and told as they see it. */
export async function playDemo(
  { slack, team }: Sandbox,
  { tell, typed, pressed, show }: Telling,
): Promise<void> {
  const { workspace } = slack;
  const ops = workspace.channel('ops').id;
  const alerts = workspace.channel('alerts').id;

  const next = (fits: (message: Message) => boolean, timeoutMs = 20_000) => {
    const before = new Set(
      slack
        .messages(ops, 'ana')
        .concat(slack.messages(alerts, 'ana'))
        .map(({ ts }) => ts),
    );
    return slack.waitForMessage((message) => !before.has(message.ts) && fits(message), { timeoutMs });
  };
  const edited = ({ ts }: Message, fits: (message: Message) => boolean) =>
    slack.waitForMessage((message) => message.ts === ts && fits(message), { timeoutMs: 30_000 });

  async function type(person: string, text: string, fits: (message: Message) => boolean): Promise<Message> {
    typed(person, 'ops', text);
    const answer = next(
      (message) => message.channel === ops && message.threadTs === undefined && fits(message),
    );
    const outcome = await slack.slash(person, 'ops', text);
    if (outcome.kind === 'failed') throw new Error(`${text}: ${outcome.error}`);
    return await answer;
  }

  tell('A team of seven agents runs. Anybody in the channel may look.');
  show([await type('bo', '/team status', (message) => message.text.includes('running'))]);

  tell('Somebody gives shop:pay and shop:cart other models. shop:pay will not want to stop.');
  await team.setModel('shop', 'pay', 'stub-polite');
  await team.setModel('shop', 'cart', 'stub-polite');
  const told = next((message) => message.channel === alerts && message.text.includes('TimedOutKilled'));
  const reload = await type('ana', '/team reload shop', (message) => message.text.includes('Reloading'));
  show([await edited(reload, (message) => slack.read(message).includes('shop:pay · draining'))]);
  tell('The same message, a few seconds later:');
  show([await edited(reload, ({ text }) => text.includes('Reloaded'))]);

  tell('Nobody has to be looking: #alerts is told.');
  const alert = await told;
  await slack.waitForMessage(({ threadTs }) => threadTs === alert.ts, { timeoutMs: 10_000 });
  show([
    await edited(alert, () => true),
    ...slack.thread(alert.ts, 'ana').filter(({ ts }) => ts !== alert.ts),
  ]);

  tell('And ana, who asked, gets the last word in the thread of her reload:');
  const isLastWord = ({ threadTs, text }: Message) => threadTs === reload.ts && text.includes('is over');
  show([await slack.waitForMessage(isLastWord, { timeoutMs: 20_000 })]);

  tell('bo may look, not change.');
  show([await type('bo', '/team down shop', ({ onlyVisibleTo }) => onlyVisibleTo !== undefined)]);

  tell('ana may. A hard down asks first, and shows what will die.');
  const question = await type('ana', '/team down shop', ({ text }) => text.includes('Hard down'));
  show([question]);
  await delay(readingMs);
  pressed('ana', 'Kill');
  await slack.press('ana', question, 'question_accept');
  show([
    await edited(question, ({ text }) => text.includes(':white_check_mark:') || text.includes(':warning:')),
  ]);

  tell('And the team as it is now.');
  show([await type('ana', '/team status', (message) => message.text.includes('running'))]);
}
