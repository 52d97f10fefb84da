import { type AskReason, askReason, differences, shownBy } from '../../domain/confirmation.ts';
import { activeSteps } from '../../domain/plan.ts';
import type { Planned } from '../../operations/plan/make-plan.ts';
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
  ask(planned: Planned, reason: AskReason, stage: Stage, again?: string): Promise<void>;
  /** What has changed since the question was shown: in words, and whether there is anything left to ask. */
  changedSince(
    question: Question,
    planned: Planned,
  ): { readonly words: string; readonly reason?: AskReason } | undefined;
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
    async ask({ plan, situation }, reason, stage, again) {
      const { request, observed } = situation;
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

    changedSince({ request, shown, reason }, { plan, situation }) {
      const changed = differences(shown, shownBy(plan, situation.observed));
      if (changed.length === 0) return undefined;
      const words = changedSentence(changed);
      return activeSteps(plan).length > 0 ? { words, reason: askReason(request, plan) ?? reason } : { words };
    },

    takeUp() {
      for (const { question, place } of questions.open()) {
        if (place !== undefined) closeInTime(question, writer.existing(place.channel, place.ts));
      }
    },
  };
}
