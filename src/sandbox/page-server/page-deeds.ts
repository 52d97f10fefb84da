import { z } from 'zod';
import { ImpossibleForAPerson } from '../../../packages/slack-stand-in/src/people/person.ts';
import type { PageWorld } from './side-panel.ts';

/** What a person does on the page, by its name in the address; takes the request's body. */
export type PageDeeds = Readonly<Record<string, (body: string) => Promise<object>>>;

export function pageDeeds({ slack, host }: PageWorld): PageDeeds {
  const { people, findChannel } = slack.workspace;
  /** A page can be any of the people, and nobody else. */
  const as = z.string().refine((name) => people.some((person) => person.name === name), 'nobody');
  const channel = z.string().refine((id) => findChannel(id) !== undefined, 'no such channel');
  const text = z.string().min(1).max(3000);
  const agent = z.string();

  return {
    // What came of it is told in the channel, by the app or by Slackbot.
    slash: deed(z.strictObject({ as, channel, text }), async (asked) => {
      await slack.slash(asked.as, asked.channel, asked.text);
    }),
    say: deed(z.strictObject({ as, channel, text, thread: z.string().optional() }), (asked) => {
      slack.say(asked.as, asked.channel, asked.text, asked.thread);
    }),
    press: deed(
      z.strictObject({
        as,
        ts: z.string(),
        action: z.string(),
        value: z.string().optional(),
        confirm: z.enum(['accept', 'deny']).optional(),
      }),
      ({ as: who, ts, action: actionId, value, confirm }) =>
        slack.press(
          who,
          ts,
          value === undefined ? { actionId } : { actionId, value },
          confirm === undefined ? {} : { confirm },
        ),
    ),
    submit: deed(z.strictObject({ as, fields: z.record(z.string(), z.string()) }), (asked) =>
      slack.submitView(asked.as, asked.fields),
    ),
    'close-modal': deed(z.strictObject({ as }), (asked) => slack.closeView(asked.as)),
    misbehave: deed(z.strictObject({ agent, how: z.enum(['kill', 'ignore', 'crash', 'behave']) }), (asked) =>
      host.misbehave(asked.agent, asked.how),
    ),
    model: deed(z.strictObject({ agent, model: z.string() }), (asked) =>
      host.setModel(asked.agent, asked.model),
    ),
  };
}

function deed<T extends z.ZodType>(schema: T, run: (asked: z.infer<T>) => unknown): PageDeeds[string] {
  return async (body) => {
    const parsed = schema.safeParse(parseJson(body));
    if (!parsed.success)
      throw new ImpossibleForAPerson(`the page asked for the impossible: ${z.prettifyError(parsed.error)}`);
    const outcome = await run(parsed.data);
    return typeof outcome === 'object' && outcome !== null ? outcome : {};
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
