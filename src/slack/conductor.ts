import { runOperation } from '../operations/engine.ts';
import type { Host } from '../operations/host.ts';
import type { LastStops } from '../operations/last-stops.ts';
import type { Operation, Request } from '../operations/operation.ts';
import { activeSteps } from '../operations/plan.ts';
import { type Planned, planRequest } from '../operations/plan-request.ts';
import type { ProjectLocks } from '../operations/project-locks.ts';
import {
  type AskReason,
  askReason,
  differences,
  type Question,
  type Questions,
  shownBy,
} from '../operations/question.ts';
import { RefusedError } from '../operations/refusal.ts';
import type { Asker } from './access.ts';
import type { Alerts } from './alerts.ts';
import { sentenceCard } from './blocks.ts';
import { dryRunCard } from './cards/dry-run.ts';
import { nothingToDoCard } from './cards/nothing-to-do.ts';
import { changedSentence, questionCard } from './cards/question.ts';
import type { Reply } from './command.ts';
import { explain } from './explain.ts';
import { newId } from './ids.ts';
import { followOperation } from './live-operation.ts';
import type { Log } from './log.ts';
import type { MessageContent } from './messages.ts';
import { escaped } from './outside-text.ts';
import type { LiveMessage, MessageWriter } from './writer.ts';

export interface ConductorOptions {
  readonly host: Host;
  readonly writer: MessageWriter;
  readonly alerts: Alerts;
  readonly locks: ProjectLocks;
  readonly questions: Questions;
  readonly lastStops: LastStops;
  readonly log: Log;
}

export type Choice = 'accept' | 'drain' | 'cancel';

/** Takes requests from a plan to a verdict, by way of a question where one has to be asked. */
export interface Conductor {
  dryRun(request: Request, reply: Reply): Promise<void>;
  /** Resolves when the operation is over, or the question is asked. Throws what kept it from beginning; then nothing was touched. */
  request(request: Request, channel: string): Promise<void>;
  /** What a person pressed on a question, which is `message`. */
  answer(choice: Choice, id: string, asker: Asker, message: LiveMessage, reply: Reply): Promise<void>;
}

/** What is left to say when the projects are free again. */
type Afterwards = () => Promise<void>;

const nothingLeft: Afterwards = async () => undefined;

/** What an operation is called, and since when it holds its projects. */
type Begun = Pick<Operation, 'id' | 'startedAt'>;

/** Shows a first content somewhere: in a new message, or in place of the question it came from. */
type Show = (content: MessageContent, id: string) => Promise<LiveMessage>;

export function createConductor(options: ConductorOptions): Conductor {
  const { host, writer, alerts, locks, questions, lastStops, log } = options;

  /** Holds the projects from before the plan is made until nothing is touched any more; what is left to say comes after. */
  async function conduct(
    request: Request,
    work: (begun: Begun, planned: Planned) => Promise<Afterwards>,
  ): Promise<void> {
    const begun = { id: newId('O'), startedAt: new Date() };
    const { selection, text, askedBy } = request;
    const release = await locks.take(selection, { id: begun.id, text, askedBy, since: begun.startedAt });
    let afterwards: Afterwards;
    try {
      afterwards = await work(begun, await planRequest(host, request));
    } finally {
      await release();
    }
    await afterwards();
  }

  /** Asks first where one has to; else carries out what was planned. */
  function proceed(request: Request, show: Show): Promise<void> {
    return conduct(request, async (begun, planned) => {
      const reason = askReason(request, planned.plan);
      return reason === undefined ? await carryOut(begun, planned, show) : () => ask(planned, reason, show);
    });
  }

  async function ask(
    { plan, situation }: Planned,
    reason: AskReason,
    show: Show,
    again?: string,
  ): Promise<void> {
    const { request, observed } = situation;
    const question = questions.ask({ request, reason, plan, shown: shownBy(plan, observed) });
    const card = questionCard({
      question,
      observed,
      hostName: host.name,
      ...(again === undefined ? {} : { again }),
    });
    const message = await show(card, question.id);
    questions.whenExpired(question.id, () => {
      message.edit(
        sentenceCard(`Nobody answered in time, so nothing was touched: ${escaped(request.text, 200)}`),
      );
    });
  }

  async function carryOut(begun: Begun, { plan, situation }: Planned, show: Show): Promise<Afterwards> {
    const { request } = situation;
    if (activeSteps(plan).length > 0) {
      const operation = { ...begun, request, plan };
      return await followOperation({ operation, situation, show, writer, alerts, lastStops, log });
    }
    await show(nothingToDoCard(request, plan, situation.observed), newId('S'));
    const { error } = await runOperation({ plan }, situation, () => undefined).finished;
    if (error !== undefined) log.warn('the snapshot could not be settled', { error: error.message });
    return nothingLeft;
  }

  /** The plan that was agreed to, if the world is still the one that was shown; else the question is asked again. */
  function accept({ request, shown, reason }: Question, show: Show): Promise<void> {
    return conduct(request, async (begun, planned) => {
      const changed = differences(shown, shownBy(planned.plan, planned.situation.observed));
      if (changed.length === 0) return await carryOut(begun, planned, show);
      const again = changedSentence(changed);
      if (activeSteps(planned.plan).length > 0) {
        return () => ask(planned, askReason(request, planned.plan) ?? reason, show, again);
      }
      await show(sentenceCard(again), newId('S'));
      return nothingLeft;
    });
  }

  return {
    async dryRun(request, reply) {
      const { plan } = await planRequest(host, request);
      await reply.whisper(dryRunCard(request, plan));
    },

    request: (request, channel) => proceed(request, (content, id) => writer.post({ channel, content, id })),

    async answer(choice, id, asker, message, reply) {
      const answer = questions.answer(id, asker.person);
      if (answer.kind === 'too-late') {
        return await reply.whisper(
          sentenceCard(
            'This question is closed: it was answered already, or its time ran out. This click did nothing.',
          ),
        );
      }
      const { question } = answer;
      const { request } = question;
      if (answer.kind === 'not-yours') {
        const words = `Only <@${request.askedBy}>, who asked, can answer this. Nothing was done. To ask yourself: \`${escaped(request.text, 200)}\``;
        return await reply.whisper(sentenceCard(words));
      }
      const show: Show = async (content) => {
        message.edit(content);
        return message;
      };
      try {
        if (choice === 'cancel')
          message.edit(
            sentenceCard(
              `Cancelled by <@${asker.person}>. Nothing was touched: ${escaped(request.text, 200)}`,
            ),
          );
        else if (choice === 'accept') await accept(question, show);
        else await proceed({ ...request, verb: 'drain' }, show);
      } catch (error) {
        // Somebody else's operation will be over soon: the question stays as it is, and so do its buttons.
        if (error instanceof RefusedError && error.refusal.kind === 'busy') questions.reopen(question);
        else message.edit(sentenceCard(explain(error).words));
        throw error;
      }
    },
  };
}
