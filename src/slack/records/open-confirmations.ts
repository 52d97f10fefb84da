import { randomBytes } from 'node:crypto';
import type { AgentId } from '../../domain/agent.ts';
import type { AskReason, Shown, ShownAgent } from '../../domain/confirmation.ts';
import type { Request } from '../../domain/operation.ts';
import type { Place } from '../../domain/operation-record.ts';
import type { Plan } from '../../domain/plan.ts';
import type { Journal, JournalError } from '../../journal/journal.ts';

/** A question that waits for its button. */
export interface Question {
  readonly id: string;
  readonly request: Request;
  readonly reason: AskReason;
  readonly plan: Plan;
  readonly shown: Shown;
  readonly expiresAt: Date;
}

/** Who may answer: the person who asked, or anybody but that person. */
export type ConfirmRule = 'requester' | 'second-person';

export const questionLastsMs = 2 * 60_000;

export type Answer =
  | { readonly kind: 'accepted'; readonly question: Question }
  | { readonly kind: 'not-yours'; readonly question: Question }
  | { readonly kind: 'needs-another'; readonly question: Question }
  | { readonly kind: 'too-late' };

/** Open questions. Each is for two minutes and for one answer, also across a restart. All but `whenExpired` throw `JournalError`. */
export interface Questions {
  ask(question: Pick<Question, 'request' | 'reason' | 'plan' | 'shown'>): Question;
  /** Where it stands, so that somebody can say there that its time ran out. */
  shownAt(id: string, place: Place): void;
  /** Those nobody has answered. */
  open(): readonly { readonly question: Question; readonly place?: Place }[];
  /** Calls back once, if nobody has answered when its time is over; later, if that cannot be written yet. Answers are refused meanwhile. */
  whenExpired(question: Question, expired: () => void): void;
  /** An accepted question is gone: a second click finds nothing. `agrees`: the answer is the yes that a second person may have to give. */
  answer(id: string, person: string, agrees: boolean): Answer;
  /** Takes an accepted answer back: nothing came of it, for a reason that passes. */
  reopen(question: Question): void;
}

export interface QuestionsOptions {
  readonly journal: Journal;
  readonly rule?: ConfirmRule;
  readonly now?: () => number;
  /** The end of a question's time could not be written; `journal.catchUp` tries again. */
  readonly onUnwritten?: (error: JournalError) => void;
}

export function createQuestions({
  journal,
  rule = 'requester',
  now = Date.now,
  onUnwritten,
}: QuestionsOptions): Questions {
  const { run, eventually } = journal;

  function stored(id: string): Question | undefined {
    const row = run((database) =>
      database.prepare('select question from questions where id = ? and closed_at is null').get(id),
    );
    return row === undefined ? undefined : questionFrom(String(row.question));
  }

  /** False: somebody else was first. */
  function close(id: string): boolean {
    return run(
      (database) =>
        database
          .prepare('update questions set closed_at = ? where id = ? and closed_at is null')
          .run(now(), id).changes === 1,
    );
  }

  function refusal(
    { request }: Question,
    person: string,
    agrees: boolean,
  ): 'not-yours' | 'needs-another' | undefined {
    const isAsker = request.askedBy === person;
    if (rule === 'second-person') return isAsker && agrees ? 'needs-another' : undefined;
    return isAsker ? undefined : 'not-yours';
  }

  return {
    ask(asked) {
      const question = {
        ...asked,
        id: `q-${randomBytes(12).toString('hex')}`,
        expiresAt: new Date(now() + questionLastsMs),
      };
      run((database) =>
        database
          .prepare('insert into questions (id, question, expires_at) values (?, ?, ?)')
          .run(question.id, questionText(question), question.expiresAt.getTime()),
      );
      return question;
    },
    shownAt(id, { channel, ts }) {
      run((database) =>
        database
          .prepare('update questions set channel = ?, message_ts = ? where id = ?')
          .run(channel, ts, id),
      );
    },
    open() {
      const rows = run((database) =>
        database.prepare('select question, channel, message_ts from questions where closed_at is null').all(),
      );
      return rows.map(({ question, channel, message_ts }) => ({
        question: questionFrom(String(question)),
        ...(channel !== null &&
          message_ts !== null && { place: { channel: String(channel), ts: String(message_ts) } }),
      }));
    },
    whenExpired({ id, expiresAt }, expired) {
      const timer = setTimeout(
        () => {
          const unwritten = eventually(() => {
            if (close(id)) expired();
          });
          if (unwritten !== undefined) onUnwritten?.(unwritten);
        },
        Math.max(0, expiresAt.getTime() - now()),
      );
      timer.unref();
    },
    answer(id, person, agrees) {
      const question = stored(id);
      if (question === undefined || question.expiresAt.getTime() <= now()) return { kind: 'too-late' };
      const refused = refusal(question, person, agrees);
      if (refused !== undefined) return { kind: refused, question };
      return close(id) ? { kind: 'accepted', question } : { kind: 'too-late' };
    },
    reopen({ id }) {
      run((database) => database.prepare('update questions set closed_at = null where id = ?').run(id));
    },
  };
}

function questionText({ shown, expiresAt, ...rest }: Question): string {
  return JSON.stringify({
    ...rest,
    expiresAt: expiresAt.getTime(),
    shown: { agents: [...shown.agents], digest: shown.digest },
  });
}

function questionFrom(text: string): Question {
  const { shown, expiresAt, ...rest } = JSON.parse(text) as Omit<Question, 'shown' | 'expiresAt'> & {
    readonly expiresAt: number;
    readonly shown: { readonly agents: readonly (readonly [AgentId, ShownAgent])[]; readonly digest: string };
  };
  return {
    ...rest,
    expiresAt: new Date(expiresAt),
    shown: { agents: new Map(shown.agents), digest: shown.digest },
  };
}
