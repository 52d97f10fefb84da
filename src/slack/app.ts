import {
  App,
  type BlockAction,
  type ButtonAction,
  type Receiver,
  type RespondFn,
  type webApi,
} from '@slack/bolt';
import { likelyTypoOf } from '../language/likely-typo.ts';
import { readWords } from '../language/read-words.ts';
import { UsageError } from '../language/refusals.ts';
import { usageIn } from '../language/verb.ts';
import type { Log } from '../log/log.ts';
import type { Redact } from '../log/redact.ts';
import { buttons } from './buttons/all-buttons.ts';
import type { Action } from './buttons/button.ts';
import { commands } from './commands/all-commands.ts';
import type { Command, Desk } from './commands/command.ts';
import { wordsOf } from './commands/slash-text.ts';
import { boltLogger } from './connection/bolt-logger.ts';
import { failureOf } from './connection/failures.ts';
import type { Guard } from './guard/guard.ts';
import { anyNumbered } from './markup/blocks.ts';
import { escaped } from './markup/mrkdwn.ts';
import { outgoing } from './outbox/messages.ts';
import type { Reply } from './outbox/reply.ts';
import { respondOnce } from './outbox/respond.ts';
import type { LiveMessage } from './outbox/writer.ts';

export interface SlackAppOptions {
  readonly receiver: Receiver;
  readonly botToken: string;
  readonly clientOptions: webApi.WebClientOptions;
  readonly guard: Guard;
  readonly desk: Omit<Desk, 'commands'>;
  readonly redact: Redact;
  readonly log: Log;
}

/** Of a button and what it stood for, in the log and the audit. */
const longestOnRecord = 300;

/** Everything that Slack can call, each behind the guard and acked before it is looked at. */
export function createSlackApp(options: SlackAppOptions): App {
  const { receiver, botToken, clientOptions, guard, redact, log } = options;
  const desk: Desk = { ...options.desk, commands };
  const app = new App({
    // With a token in place of this Bolt would ask Slack whose it is, once more than Muster does.
    authorize: async () => ({ botToken }),
    receiver,
    clientOptions,
    logger: boltLogger(log),
  });
  app.error(async (error) => log.error('bolt', { error: error.stack ?? error.message }));

  app.command(/.*/, async ({ command, ack, respond }) => {
    const { command: commandName, user_id: person, team_id: team, channel_id: channel } = command;
    const asker = { person, team, channel, delivery: `command ${command.trigger_id}` };
    const reply = whisperBy(respond);
    const text = `${commandName} ${command.text}`.trim();
    const [name = 'help', ...words] = wordsOf(command.text);
    const found = commands.find((each) => each.name === name.toLowerCase());
    await guard.pass({
      asker,
      effect: found?.effect ?? 'reads',
      text,
      reply,
      ack,
      run: async () => {
        if (found === undefined) throw unknownCommand(name, commandName);
        try {
          const { options, rest } = readWords(found, words, 'slack');
          await found.run({ asker, options, rest, commandName, text, reply }, desk);
        } catch (error) {
          throw error instanceof UsageError ? withUsage(error, found, commandName) : error;
        }
      },
    });
  });

  for (const action of buttons) {
    const constraints = { type: 'block_actions', action_id: anyNumbered(action.id) } as const;
    app.action<BlockAction<ButtonAction>>(constraints, async (args) => {
      await press(action, args.body, args.action, args.respond, args.ack);
    });
  }

  async function press(
    action: Action,
    body: BlockAction,
    pressed: ButtonAction,
    respond: RespondFn,
    ack: () => Promise<void>,
  ): Promise<void> {
    const channel = body.channel?.id ?? '';
    const ts = String(body.container.message_ts ?? '');
    const person = body.user.id;
    // The person's own team id is that of the workspace they came from.
    const team = body.team?.id ?? '';
    const pressedOn = authorOf(body);
    const asker = {
      person,
      team,
      channel,
      ...(pressedOn !== undefined && { pressedOn }),
      delivery: `action ${ts} ${action.id} ${pressed.action_ts} ${person}`,
    };
    const reply = whisperBy(respond);
    const message =
      body.container.is_ephemeral === true
        ? ephemeral(respond, channel, ts)
        : desk.writer.existing(channel, ts);
    await guard.pass({
      asker,
      effect: action.effect,
      text: `${action.id} ${pressed.value ?? ''}`.trim().slice(0, longestOnRecord),
      reply,
      ack,
      run: () => action.run({ asker, value: pressed.value ?? '', message, reply }, desk),
    });
  }

  function whisperBy(respond: RespondFn): Reply {
    return {
      whisper: async (content) => {
        const answer = {
          ...outgoing(content, redact),
          response_type: 'ephemeral' as const,
          replace_original: false,
        };
        await respondOnce(respond, answer, log);
      },
    };
  }

  /** An ephemeral message can only be replaced through the click that came from it. */
  function ephemeral(respond: RespondFn, channel: string, ts: string): LiveMessage {
    let replaced = Promise.resolve();
    return {
      channel,
      ts,
      edit: (content) => {
        replaced = respondOnce(respond, { ...outgoing(content, redact), replace_original: true }, log);
        replaced.catch((error: unknown) =>
          log.warn('an answer could not be replaced', { channel, ts, error: String(error) }),
        );
      },
      settled: () => replaced.then(() => undefined, failureOf),
    };
  }

  return app;
}

/** Of the message that holds the button, if it stands where the button was pressed, for all to see. */
function authorOf({ channel, container, message }: BlockAction): string | undefined {
  const { type, channel_id, is_ephemeral } = container;
  const stands = type === 'message' && channel_id === channel?.id && is_ephemeral !== true;
  return stands ? message?.user : undefined;
}

function unknownCommand(name: string, commandName: string): UsageError {
  const near = likelyTypoOf(
    name,
    commands.map((command) => command.name),
  );
  const hint = near === undefined ? '' : ` Did you mean \`${commandName} ${near}\`?`;
  return new UsageError(
    `There is no command \`${escaped(name, 100)}\`.${hint} \`${commandName} help\` lists them all.`,
  );
}

/** In mrkdwn, unlike the error. */
function withUsage({ message }: UsageError, command: Command, commandName: string): UsageError {
  return new UsageError(
    `${escaped(message, 500)} Usage: \`${commandName} ${usageIn('slack', command)}\`, for example \`${commandName} ${command.example}\`.`,
  );
}
