import { askReason } from '../../domain/confirmation.ts';
import { newId, type Operation, type Request } from '../../domain/operation.ts';
import type { LoggedOperation } from '../../domain/operation-record.ts';
import { activeSteps } from '../../domain/plan.ts';
import { type Progress, progressBy } from '../../domain/progress.ts';
import { notLaterMs } from '../../domain/proposal.ts';
import { RefusedError } from '../../domain/refusal.ts';
import { NotNowError } from '../../language/refusals.ts';
import type { Log } from '../../log/log.ts';
import { conductNothing, createRuns } from '../../operations/conduct.ts';
import type { Host } from '../../operations/host.ts';
import type { ProjectLocks, Release } from '../../operations/locks/project-locks.ts';
import { noteIntentions } from '../../operations/note-desired-state.ts';
import { type Planned, planRequest } from '../../operations/plan/make-plan.ts';
import type { Situation } from '../../operations/plan/plan-input.ts';
import type { OperationLog } from '../../operations/records/operation-log.ts';
import { goOnFrom, type Lives } from '../../operations/recovery.ts';
import type { Run } from '../../operations/run/run-plan.ts';
import { createHostCommand, type HostCommandOptions } from '../alerts/forced-kills.ts';
import { dryRunCard } from '../cards/dry-run.ts';
import { nothingToDoCard } from '../cards/nothing-to-do.ts';
import { operationCard } from '../cards/operation.ts';
import type { Workspace } from '../connection/web-client.ts';
import type { Sender } from '../guard/access.ts';
import { sentenceCard } from '../markup/blocks.ts';
import { explain } from '../markup/explain.ts';
import { escaped } from '../markup/mrkdwn.ts';
import { linkTo } from '../markup/place.ts';
import type { Reply } from '../outbox/reply.ts';
import { createRetelling } from '../outbox/retelling.ts';
import type { LiveMessage, MessageWriter } from '../outbox/writer.ts';
import type { Question, Questions } from '../records/open-confirmations.ts';
import { type AftermathOptions, showForSure, tellAftermath } from './closing-replies.ts';
import type { Asking } from './confirmations.ts';
import { firstCard, followOperation, type Stage } from './live-message.ts';
import { createTakingUp } from './recovery.ts';

export interface CarrierOptions extends HostCommandOptions {
  /** Posts each id once. */
  readonly writer: MessageWriter;
  readonly log: Log;
  /** Milliseconds until what could not be told is told again; doubled for each further try. 60 s unless told. */
  readonly retellMs?: number | undefined;
}

/** What an operation is called, and since when it holds its projects. */
export type Begun = Pick<Operation, 'id' | 'startedAt'>;

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
    if (error !== undefined) log.warn('the snapshot could not be settled', { error });
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

export interface ConductorOptions {
  readonly host: Host;
  readonly writer: MessageWriter;
  readonly carrier: Carrier;
  readonly asking: Asking;
  readonly locks: ProjectLocks;
  readonly questions: Questions;
  readonly operations: OperationLog;
  readonly lives: Lives;
  /** Known once Slack has let us in; nobody can ask before that. */
  readonly workspace: Promise<Pick<Workspace, 'url'>>;
  readonly log: Log;
}

export type Choice = 'accept' | 'drain' | 'cancel';

/** Takes requests from a plan to a verdict, by way of a question where one has to be asked. */
export interface Conductor {
  dryRun(request: Request, reply: Reply): Promise<void>;
  /** Resolves when the operation is over, or the question is asked. Throws what kept it from beginning; then nothing was touched. */
  request(request: Request, from: Sender): Promise<void>;
  /** What a person pressed on a question, which is `message`. */
  answer(choice: Choice, id: string, asker: Sender, message: LiveMessage, reply: Reply): Promise<void>;
  /** Resolves when the projects of what dead processes left are held, so that nothing new comes between, or another process of ours holds them; `settled` when what is held is settled and told. */
  recover(): Promise<{ readonly settled: Promise<void> }>;
  /** Goes on with what another process of ours has left since, and says what it had to say, such as the host command's forced kills. */
  lookAround(): Promise<void>;
  /** Takes no more requests and begins no more steps. */
  pause(): void;
}

export function createConductor(options: ConductorOptions): Conductor {
  const { host, writer, carrier, asking, locks, questions, operations } = options;
  const takingUp = createTakingUp(options);
  let pausing = false;

  /** Holds the projects from before the plan is made until nothing is touched any more; what is left to say comes after. */
  async function conduct(
    request: Request,
    work: (begun: Begun, planned: Planned) => Promise<Afterwards>,
  ): Promise<void> {
    if (pausing)
      throw new NotNowError('Muster is being restarted. Nothing was touched; ask again in a moment.');
    const begun = { id: newId('O'), startedAt: new Date() };
    const { selection, text, askedBy } = request;
    const release = await take(selection, { id: begun.id, text, askedBy, since: begun.startedAt });
    let afterwards: Afterwards;
    try {
      afterwards = await work(begun, await planRequest(host, request));
    } finally {
      await release();
    }
    await afterwards();
  }

  /** Whoever is refused is led to the operation that is in the way, once it is shown. */
  async function take(...wanted: Parameters<ProjectLocks['take']>): Promise<Release> {
    try {
      return await locks.take(...wanted);
    } catch (error) {
      if (!(error instanceof RefusedError) || error.refusal.kind !== 'busy') throw error;
      const { operation } = error.refusal;
      const place = operations.find(operation.id)?.shownAt;
      if (place === undefined) throw error;
      const link = linkTo(place, (await options.workspace).url);
      throw new RefusedError({ kind: 'busy', operation: { ...operation, link } });
    }
  }

  /** Asks first where one has to; else carries out what was planned. */
  function proceed(request: Request, stage: Stage): Promise<void> {
    return conduct(request, async (begun, planned) => {
      const reason = askReason(request, planned.plan);
      return reason === undefined
        ? await carrier.carryOut(begun, planned, stage)
        : () => asking.ask(planned, reason, stage);
    });
  }

  /** The plan that was agreed to, if the world is still the one that was shown; else the question is asked again. */
  function accept(question: Question, request: Request, stage: Stage): Promise<void> {
    return conduct(request, async (begun, planned) => {
      const changed = asking.changedSince(question, planned);
      if (changed === undefined) return await carrier.carryOut(begun, planned, stage);
      const { words, reason } = changed;
      if (reason !== undefined) return () => asking.ask(planned, reason, stage, words);
      await stage.show(sentenceCard(words), newId('S'));
      return async () => undefined;
    });
  }

  return {
    async dryRun(request, reply) {
      const { plan } = await planRequest(host, request);
      await reply.whisper(dryRunCard(request, plan));
    },

    request: (request, { channel, delivery }) =>
      proceed(
        { ...request, delivery },
        { channel, show: (content, id) => writer.post({ channel, content, id }) },
      ),

    async answer(choice, id, { person, delivery }, message, reply) {
      const answer = questions.answer(id, person, choice !== 'cancel');
      if (answer.kind !== 'accepted') return await reply.whisper(sentenceCard(whyNot(answer)));
      const { question } = answer;
      const request = {
        ...question.request,
        delivery,
        ...(person !== question.request.askedBy && { confirmedBy: person }),
      };
      const stage: Stage = {
        channel: message.channel,
        ts: message.ts,
        show: async (content) => {
          message.edit(content);
          return message;
        },
      };
      try {
        if (choice === 'cancel')
          message.edit(
            sentenceCard(`Cancelled by <@${person}>. Nothing was touched: ${escaped(request.text, 200)}`),
          );
        else if (choice === 'accept') await accept(question, request, stage);
        else await proceed({ ...request, verb: 'drain' }, stage);
      } catch (error) {
        // Somebody else's operation will be over soon: the question stays as it is, and so do its buttons.
        if (error instanceof RefusedError && error.refusal.kind === 'busy') questions.reopen(question);
        else message.edit(sentenceCard(explain(error).words));
        throw error;
      }
    },

    async recover() {
      const settling = await takingUp.settleLeft();
      asking.takeUp();
      const telling = takingUp.tell(await takingUp.untold());
      return { settled: Promise.all([...settling, telling]).then(() => undefined) };
    },

    async lookAround() {
      if (pausing) return;
      await Promise.all(await takingUp.settleLeft());
      // While Slack is down this takes minutes, and there may be other things to take up.
      void takingUp.tell(await takingUp.untold());
    },

    pause() {
      pausing = true;
      carrier.pause();
    },
  };
}

function whyNot(answer: Exclude<ReturnType<Questions['answer']>, { kind: 'accepted' }>): string {
  if (answer.kind === 'too-late') {
    return 'This question is closed: it was answered already, or its time ran out. This click did nothing.';
  }
  const { askedBy, text } = answer.question.request;
  return answer.kind === 'not-yours'
    ? `Only <@${askedBy}>, who asked, can answer this. Nothing was done. To ask yourself: \`${escaped(text, 200)}\``
    : `Somebody else than <@${askedBy}>, who asked, has to agree to this (SLACK_CONFIRM=second-person). Nothing was done.`;
}
