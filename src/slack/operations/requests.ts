import { newId, type Operation, type Request } from '../../domain/operation.ts';
import { activeSteps } from '../../domain/plan.ts';
import type { Beginning, Going, Proposal } from '../../domain/proposal.ts';
import { type BusyWith, RefusedError } from '../../domain/refusal.ts';
import { reasonWords } from '../../language/refusals.ts';
import type { Log } from '../../log/log.ts';
import type { Site } from '../../site/site.ts';
import { dryRunCard } from '../cards/dry-run.ts';
import { nothingToDoCard } from '../cards/nothing-to-do.ts';
import type { Workspace } from '../connection/web-client.ts';
import type { Sender } from '../guard/access.ts';
import { sentenceCard } from '../markup/blocks.ts';
import { explain } from '../markup/explain.ts';
import { escaped } from '../markup/mrkdwn.ts';
import { linkTo } from '../markup/place.ts';
import type { Reply } from '../outbox/reply.ts';
import type { LiveMessage, MessageWriter } from '../outbox/writer.ts';
import type { Question, Questions } from '../records/open-confirmations.ts';
import type { OperationMessages } from '../records/operation-messages.ts';
import type { Asking } from './confirmations.ts';
import { firstCard, type Stage } from './live-message.ts';
import type { Showing } from './showing.ts';

export interface RequestsOptions {
  readonly site: Pick<Site, 'plan' | 'begin' | 'go' | 'cancel'>;
  readonly writer: MessageWriter;
  readonly showing: Pick<Showing, 'follow'>;
  readonly asking: Asking;
  readonly questions: Questions;
  readonly messages: OperationMessages;
  /** Known once Slack has let us in; nobody can ask before that. */
  readonly workspace: Promise<Pick<Workspace, 'url'>>;
  readonly hostName: string;
  readonly log: Log;
}

export type Choice = 'accept' | 'drain' | 'cancel';

/** What people ask for in Slack, on its way to the site; by way of a question where one has to be asked. */
export interface Requests {
  dryRun(request: Request, reply: Reply): Promise<void>;
  /** Resolves when the operation is over and told, or the question is asked. Throws what kept it from beginning; then nothing was touched. */
  request(request: Request, from: Sender): Promise<void>;
  /** What a person pressed on a question, which is `message`. */
  answer(choice: Choice, id: string, asker: Sender, message: LiveMessage, reply: Reply): Promise<void>;
}

export function createRequests(options: RequestsOptions): Requests {
  const { site, writer, showing, asking, questions, messages, hostName, log } = options;

  /** `agreedTo`: the question that was answered with yes; without one whatever has to be asked is asked. */
  async function perform(request: Request, stage: Stage, agreedTo?: Question): Promise<void> {
    const hash = agreedTo?.shown.digest;
    const order = { id: newId('O'), request, ...(hash !== undefined && { planHash: hash }) };
    const begun = await site.begin(order);
    switch (begun.kind) {
      case 'begun':
        return await show(begun.operation, stage);
      case 'busy':
        throw new RefusedError({ kind: 'busy', operation: await linked(begun.with) });
      case 'ask':
      case 'changed':
        return await ask(begun.proposal, stage, agreedTo);
      case 'nothing-to-do':
        return await nothingToDo(begun, stage);
      case 'too-late':
        return void (await stage.show(tooLateCard(request), newId('S')));
    }
  }

  /** Whoever is refused is led to the operation that is in the way, once it is shown. */
  async function linked(operation: BusyWith): Promise<BusyWith> {
    const place = messages.of(operation.id)?.shownAt;
    return place === undefined
      ? operation
      : { ...operation, link: linkTo(place, (await options.workspace).url) };
  }

  /** Once more, if the world is not the one any more that was agreed to. */
  async function ask(proposal: Proposal, stage: Stage, agreedTo?: Question): Promise<void> {
    const again = agreedTo && asking.changedSince(agreedTo, proposal);
    const reason = proposal.reason ?? agreedTo?.reason;
    if (reason !== undefined && activeSteps(proposal.plan).length > 0)
      return await asking.ask(proposal, reason, stage, again);
    if (again !== undefined) await stage.show(sentenceCard(again), newId('S'));
  }

  async function nothingToDo(
    { proposal, unsettled }: Extract<Beginning, { kind: 'nothing-to-do' }>,
    stage: Stage,
  ): Promise<void> {
    const { request, plan, observed } = proposal;
    if (unsettled !== undefined) log.warn('the snapshot could not be settled', { error: unsettled });
    await stage.show(nothingToDoCard(request, plan, new Map(observed)), newId('S'));
  }

  /** Its card stands before anything is touched. */
  async function show(operation: Operation, stage: Stage): Promise<void> {
    const message = await letGo(operation, stage);
    await (message === undefined ? undefined : showing.follow(operation, message));
  }

  /** Undefined: it did not go, and its card says so. */
  async function letGo(operation: Operation, { channel, ts, show }: Stage): Promise<LiveMessage | undefined> {
    const { id, request } = operation;
    let message: LiveMessage | undefined;
    let going: Going;
    try {
      messages.shown(id, { channel, ...(ts !== undefined && { ts }) });
      message = await show(firstCard(operation, hostName), id);
      if (message.ts !== ts) messages.shown(id, message);
      going = await site.go(id);
    } catch (error) {
      await site.cancel(id, message === undefined ? 'it could not be shown' : reasonWords(error));
      messages.told(id);
      message?.edit(sentenceCard(`Cancelled. ${explain(error).words}`));
      throw error;
    }
    if (going.kind === 'going') return message;
    messages.told(id);
    message.edit(tooLateCard(request));
    await message.settled();
    return undefined;
  }

  return {
    async dryRun(request, reply) {
      const { plan } = await site.plan(request);
      await reply.whisper(dryRunCard(request, plan));
    },

    request: (request, { channel, delivery }) =>
      perform(
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
      const { channel, ts } = message;
      const stage: Stage = {
        ...{ channel, ts },
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
        else if (choice === 'accept') await perform(request, stage, question);
        else await perform({ ...request, verb: 'drain' }, stage);
      } catch (error) {
        // Somebody else's operation will be over soon: the question stays as it is, and so do its buttons.
        if (error instanceof RefusedError && error.refusal.kind === 'busy') questions.reopen(question);
        else message.edit(sentenceCard(explain(error).words));
        throw error;
      }
    },
  };
}

function tooLateCard({ text }: Request) {
  return sentenceCard(
    `Cancelled, nothing was touched: Slack took too long to show this. Ask again: ${escaped(text, 200)}`,
  );
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
