import { type AskReason, differences, shownBy } from '../../domain/confirmation.ts';
import type { Proposal } from '../../domain/proposal.ts';
import { changedSentence, questionCard } from '../cards/confirmation.ts';
import { sentenceCard } from '../markup/blocks.ts';
import { escaped } from '../markup/mrkdwn.ts';
import type { LiveMessage, MessageWriter } from '../outbox/writer.ts';
import type { ConfirmRule, Question, Questions } from '../records/open-confirmations.ts';
import type { Stage } from './live-message.ts';

export interface AskingOptions {
  readonly questions: Questions;
  readonly writer: MessageWriter;
  readonly hostName: string;
  /** Who has to agree. */
  readonly rule: ConfirmRule;
}

/** Puts questions to people, and takes them down when their time is over. */
export interface Asking {
  ask(proposal: Proposal, reason: AskReason, stage: Stage, again?: string): Promise<void>;
  /** What has changed since the question was shown, in words. */
  changedSince(question: Question, proposal: Proposal): string;
  /** Watches the clock for what an earlier process asked. */
  takeUp(): void;
}

export function createAsking({ questions, writer, hostName, rule }: AskingOptions): Asking {
  function closeInTime(question: Question, message: LiveMessage): void {
    questions.whenExpired(question, () => {
      const words = `Nobody answered in time, so nothing was touched: ${escaped(question.request.text, 200)}`;
      message.edit(sentenceCard(words));
    });
  }

  return {
    async ask({ request, plan, ...proposal }, reason, stage, again) {
      const observed = new Map(proposal.observed);
      const question = questions.ask({ request, reason, plan, shown: shownBy(plan, observed) });
      const content = questionCard({
        question,
        observed,
        hostName,
        rule,
        ...(again !== undefined && { again }),
      });
      const message = await stage.show(content, question.id);
      questions.shownAt(question.id, message);
      closeInTime(question, message);
    },

    changedSince: ({ shown }, { plan, observed }) =>
      changedSentence(differences(shown, shownBy(plan, new Map(observed)))),

    takeUp() {
      for (const { question, place } of questions.open()) {
        if (place !== undefined) closeInTime(question, writer.existing(place.channel, place.ts));
      }
    },
  };
}
