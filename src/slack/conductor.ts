import type { Host } from '../operations/host.ts';
import { newId } from '../operations/ids.ts';
import type { Lives } from '../operations/left-behind.ts';
import type { Request } from '../operations/operation.ts';
import type { OperationLog } from '../operations/operation-log.ts';
import { type Planned, planRequest } from '../operations/plan-request.ts';
import type { ProjectLocks, Release } from '../operations/project-locks.ts';
import { askReason, type Question } from '../operations/question.ts';
import type { Questions } from '../operations/questions.ts';
import { RefusedError } from '../operations/refusal.ts';
import type { Sender } from './access.ts';
import type { Asking } from './asking.ts';
import { sentenceCard } from './blocks.ts';
import { dryRunCard } from './cards/dry-run.ts';
import type { Afterwards, Begun, Carrier, Stage } from './carrier.ts';
import type { Reply } from './command.ts';
import { explain, NotNowError } from './explain.ts';
import type { Log } from './log.ts';
import { escaped } from './outside-text.ts';
import { createTakingUp } from './taking-up.ts';
import { linkTo, type Workspace } from './workspace.ts';
import type { LiveMessage, MessageWriter } from './writer.ts';

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
