import type { Desk } from '../../../../src/cli/team/context.ts';
import { type Order, readOrder } from '../../../../src/cli/team/read-verb.ts';
import { carryOrder } from '../../../../src/cli/team/run-verb.ts';
import { readWords, verbNamed } from '../../../../src/language/read-words.ts';
import { createProjectLocks } from '../../../../src/operations/locks/project-locks.ts';
import { createLocalSite } from '../../../../src/site/local-site.ts';
import { createOwnAudit } from '../../../../src/site/own-audit.ts';
import { self } from '../../journal/journal-under-test.ts';
import type { TeamUnderTest } from '../../operations/team-under-test.ts';

/** As `openSite` does, on a team under test. */
export function opened({ host, records }: Pick<TeamUnderTest, 'host' | 'records'>) {
  const lives = async ({ pid }: { readonly pid: number }) => pid === self.pid;
  const site = createLocalSite({ host, records, locks: createProjectLocks(), self, lives });
  return { site, audit: createOwnAudit(records.audit) };
}

export interface DeskUnderTest {
  readonly desk: Desk;
  /** What the person was asked. */
  readonly questions: readonly string[];
  /** Types the host command; resolves with its exit code and all that it printed, on both outputs. */
  type(line: string, desk?: Partial<Desk>): Promise<{ readonly code: number; readonly text: string }>;
}

/** The host command but for its process. `answers`: what the person says to each question; nobody is there without. */
export function deskOf(team: TeamUnderTest, answers?: readonly (() => string)[]): DeskUnderTest {
  const questions: string[] = [];
  const waiting = [...(answers ?? [])];
  const desk: Desk = {
    ...opened(team),
    person: 'ana@build-1',
    text: '',
    style: { width: 80, colour: false },
    print: () => undefined,
    remark: () => undefined,
    ask:
      answers &&
      (async (question) => {
        questions.push(question);
        return waiting.shift()?.() ?? '';
      }),
    onInterrupt: () => () => undefined,
    leave: () => {
      throw new Error('left');
    },
  };
  return {
    desk,
    questions,
    async type(line, other = {}) {
      const printed: string[] = [];
      const print = (lines: readonly string[]) => void printed.push(...lines);
      const order = orderOf(line);
      const text = `muster ${line}`;
      const code = await carryOrder(order, { ...desk, text, print, remark: print, ...other });
      return { code, text: printed.join('\n') };
    },
  };
}

/** What `muster LINE` is read as. */
export function orderOf(line: string): Order {
  const [verb = '', ...words] = line.split(' ').filter((word) => word !== '');
  return readOrder(readWords(verbNamed(verb), words, 'terminal'));
}
