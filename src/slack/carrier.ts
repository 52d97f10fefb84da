import { conductNothing } from '../operations/conduct.ts';
import type { Run } from '../operations/engine.ts';
import { newId } from '../operations/ids.ts';
import { noteIntentions } from '../operations/intentions.ts';
import { goOnFrom } from '../operations/left-behind.ts';
import type { LoggedOperation } from '../operations/logged-operations.ts';
import type { Operation } from '../operations/operation.ts';
import { activeSteps } from '../operations/plan.ts';
import type { Planned } from '../operations/plan-request.ts';
import { type Progress, progressBy } from '../operations/progress.ts';
import { notLaterMs } from '../operations/recovery.ts';
import type { Situation } from '../operations/situation.ts';
import { type AftermathOptions, showForSure, tellAftermath } from './aftermath.ts';
import { sentenceCard } from './blocks.ts';
import { nothingToDoCard } from './cards/nothing-to-do.ts';
import { operationCard } from './cards/operation.ts';
import { explain } from './explain.ts';
import { createHostCommand, type HostCommandOptions } from './host-command.ts';
import { firstCard, followOperation } from './live-operation.ts';
import type { Log } from './log.ts';
import type { MessageContent } from './messages.ts';
import { escaped } from './outside-text.ts';
import { createRetelling } from './retelling.ts';
import { createRuns } from './runs.ts';
import type { LiveMessage, MessageWriter } from './writer.ts';

export interface CarrierOptions extends HostCommandOptions {
  /** Posts each id once. */
  readonly writer: MessageWriter;
  readonly log: Log;
  /** Milliseconds until what could not be told is told again; doubled for each further try. 60 s unless told. */
  readonly retellMs?: number | undefined;
}

/** What an operation is called, and since when it holds its projects. */
export type Begun = Pick<Operation, 'id' | 'startedAt'>;

/** Where an operation is shown: in a new message, or in place of the question it came from. */
export interface Stage {
  readonly channel: string;
  /** Of the message that is there already. */
  readonly ts?: string;
  show(content: MessageContent, id: string): Promise<LiveMessage>;
}

/** What is left to say when the projects are free again. */
export type Afterwards = () => Promise<unknown>;

/** Takes operations from a plan to a verdict, on record all the way, and takes up those of a process that died. */
export interface Carrier {
  /** Nothing is touched before it is on record and its message stands. */
  carryOut(begun: Begun, planned: Planned, stage: Stage): Promise<Afterwards>;
  /** Goes on with what a process that died had begun. */
  takeUp(logged: LoggedOperation): Promise<Afterwards>;
  /** Says what is still to be said of an operation that is over, unless it is too early to try again. Never rejects. */
  tell(logged: LoggedOperation): Promise<void>;
  /** It has tried to tell of it, in vain so far. */
  owes(id: string): boolean;
  /** Of a running operation. */
  running(id: string): Run | undefined;
  /** Begins no more steps; what was not begun is for the next process. */
  pause(): void;
}

const nothingLeft: Afterwards = async () => undefined;

export function createCarrier(options: CarrierOptions): Carrier {
  const { host, writer, alerts, operations, bootId, log } = options;
  const runs = createRuns();
  const hostCommand = createHostCommand(options, runs);
  const retelling = createRetelling({ log, firstGapMs: options.retellMs });
  const aftermath: AftermathOptions = {
    ...{ writer, operations, log },
    hostName: host.name,
    alertChannel: alerts.channel,
  };

  async function nothingToDo({ plan, situation }: Planned, stage: Stage): Promise<Afterwards> {
    noteIntentions({ plan, situation }, host.wanted);
    await stage.show(nothingToDoCard(situation.request, plan, situation.observed), newId('S'));
    const error = await conductNothing({ plan, situation });
    if (error !== undefined) log.warn('the snapshot could not be settled', { error: error.message });
    return nothingLeft;
  }

  async function begin(operation: Operation, stage: Stage): Promise<LiveMessage> {
    const { channel, ts } = stage;
    operations.begin(operation, { channel, ...(ts !== undefined && { ts }) });
    try {
      return await stage.show(firstCard(operation, host.name), operation.id);
    } catch (error) {
      cancel(operation, 'it could not be shown');
      throw error;
    }
  }

  /** What has to be on record besides before anything is touched. */
  function note(operation: Operation, planned: Planned, message: LiveMessage): void {
    try {
      operations.shown(operation.id, message);
      noteIntentions(planned, host.wanted);
    } catch (error) {
      const { words } = explain(error);
      cancel(operation, words);
      message.edit(sentenceCard(`Cancelled. ${words}`));
      throw error;
    }
  }

  function cancel(operation: Operation, why: string): void {
    operations.finish(operation, { at: new Date(), cancelled: why });
    operations.told(operation.id);
  }

  async function run(
    situation: Situation,
    operation: Operation,
    message: LiveMessage,
    earlier?: Progress,
  ): Promise<Afterwards> {
    const alert = alerts.about(operation, message);
    const followed = await runs.during(operation.id, (began) =>
      followOperation({
        operation,
        situation,
        message,
        alert,
        operations,
        log,
        ...(earlier && { earlier }),
        began,
      }),
    );
    if (followed === undefined) return () => message.settled();
    return () => retelling.tell(operation.id, () => tellAftermath(followed, message, alert, aftermath));
  }

  /** Its own message says so, or another one. */
  async function tellCancelled(operation: Operation, why: string, message: LiveMessage): Promise<boolean> {
    const content = sentenceCard(`Cancelled. ${why}`);
    message.edit(content);
    if ((await showForSure(operation, content, message, aftermath)) === undefined) return false;
    operations.told(operation.id);
    return true;
  }

  async function tellOver({ operation, events, verdict, shownAt }: LoggedOperation): Promise<boolean> {
    if (verdict === undefined || shownAt === undefined) {
      operations.told(operation.id);
      return true;
    }
    const message = writer.existing(shownAt.channel, shownAt.ts);
    if (verdict.cancelled !== undefined) return await tellCancelled(operation, verdict.cancelled, message);
    const progress = progressBy(operation.plan, events);
    message.edit(
      operationCard({ operation, progress, hostName: host.name, now: new Date(), finished: verdict }),
    );
    const alert = alerts.about(operation, message);
    return await tellAftermath({ operation, progress, verdict }, message, alert, aftermath);
  }

  return {
    async carryOut(begun, planned, stage) {
      const { plan, situation } = planned;
      const { request } = situation;
      if (activeSteps(plan).length === 0) return await nothingToDo(planned, stage);
      const operation = { ...begun, request, plan };
      const message = await begin(operation, stage);
      if (Date.now() - begun.startedAt.getTime() > notLaterMs) {
        cancel(operation, 'Slack took too long to show it');
        const words = `Cancelled, nothing was touched: Slack took too long to show this. Ask again: ${escaped(request.text, 200)}`;
        message.edit(sentenceCard(words));
        return () => message.settled();
      }
      note(operation, planned, message);
      return await run(situation, operation, message);
    },

    async takeUp(logged) {
      const { operation, channel, shownAt } = logged;
      log.info('taken up', { operation: operation.id, text: operation.request.text });
      if (channel === undefined) {
        await hostCommand.takeUp(logged);
        return nothingLeft;
      }
      const message =
        shownAt !== undefined
          ? writer.existing(shownAt.channel, shownAt.ts)
          : await writer.post({
              channel,
              content: firstCard(operation, host.name),
              id: operation.id,
              mayBeThere: true,
            });
      operations.shown(operation.id, message);
      try {
        const { situation, earlier } = await goOnFrom(logged, { host, operations, bootId });
        return await run(situation, operation, message, earlier);
      } catch (error) {
        const why = `Muster ended in the middle of this and cannot take it up again. ${explain(error).words}`;
        operations.finish(operation, { at: new Date(), cancelled: why });
        return () => retelling.tell(operation.id, () => tellCancelled(operation, why, message));
      }
    },

    tell: (logged) =>
      retelling.tell(logged.operation.id, () =>
        logged.channel === undefined ? hostCommand.tell(logged) : tellOver(logged),
      ),

    owes: retelling.owes,

    running: runs.of,

    pause: runs.pause,
  };
}
