import { randomUUID } from 'node:crypto';
import type { AgentId } from '../../domain/agent.ts';
import { JournalError } from '../../journal/journal.ts';
import { whySentences } from '../../language/why.ts';
import { readRoster, selected } from '../../operations/plan/roster.ts';
import { usualBudgetMs } from '../../operations/plan/stops.ts';
import { readLogs, readWatchedStatus } from '../../site/read-status.ts';
import { readWhy } from '../../site/read-why.ts';
import { createCrashLoops } from '../../watch/alerts/crash-loops.ts';
import { createMutes } from '../../watch/alerts/mutes.ts';
import { createMemory } from '../../watch/changes/last-seen.ts';
import { sentence } from '../terminal/style.ts';
import type { Desk } from './context.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { troubleWords } from './explain.ts';
import { auditJson, auditLines, historyJson, historyLines, timeline } from './history-lines.ts';
import type { HistoryOrder, Order } from './read-verb.ts';
import { operate } from './run-operation.ts';
import { type StatusFacts, statusJson, statusLines } from './status-lines.ts';
import { terminalWording } from './terminal-phrases.ts';

/** Everything but help needs the host. */
export type HostOrder = Exclude<Order, { kind: 'help' }>;

/** Does what was asked, with the attempt and its outcome in the audit, and every failure in words. */
export async function carryOrder(order: HostOrder, desk: Desk): Promise<ExitCode> {
  const { audit } = desk.records;
  const { person, text } = desk;
  const delivery = `host-${randomUUID()}`;
  const attempt = keep(() =>
    audit.attempt({ delivery, person, team: 'host', channel: 'terminal', text, decision: 'allowed' }),
  );
  const { code, outcome } = await outcomeOf(order, delivery, desk);
  if (attempt !== undefined) keep(() => audit.outcome(attempt, { outcome }));
  return code;
}

async function outcomeOf(
  order: HostOrder,
  delivery: string,
  desk: Desk,
): Promise<{ readonly code: ExitCode; readonly outcome: string }> {
  try {
    const code = await handle(order, delivery, desk);
    return { code, outcome: outcomes[code] };
  } catch (error) {
    const words = troubleWords(error);
    desk.remark(words.flatMap((each) => sentence(each, desk.style)));
    return { code: exitCodes.failed, outcome: words.join(' ') };
  }
}

const outcomes: { readonly [Code in ExitCode]: string } = {
  [exitCodes.done]: 'done',
  [exitCodes.failed]: 'not done, or not all of it',
  [exitCodes.usage]: 'not understood',
  [exitCodes.killed]: 'done; an agent had to be killed (TimedOutKilled)',
  [exitCodes.interrupted]: 'paused by Ctrl-C',
};

/** What is done is done whether or not this can be written beside it; looking goes on without the journal. */
function keep<Result>(write: () => Result): Result | undefined {
  try {
    return write();
  } catch (error) {
    if (error instanceof JournalError) return undefined;
    throw error;
  }
}

async function handle(order: HostOrder, delivery: string, desk: Desk): Promise<ExitCode> {
  const { host, records, style } = desk;
  switch (order.kind) {
    case 'operate':
      return await operate(order, delivery, desk);
    case 'status': {
      const facts: StatusFacts = {
        status: await readWatchedStatus(host, order.selection, {
          crashLoops: createCrashLoops(records.journal, { of: () => undefined }),
          mutes: createMutes(records.journal),
        }),
        hostName: host.name,
        lastStopOf: (id) => keep(() => records.operations.lastStops(id, 1)[0]),
      };
      desk.print(order.json ? [asJson(statusJson(facts, host.root))] : statusLines(facts, style));
      return exitCodes.done;
    }
    case 'logs': {
      const lines = await readLogs(host, order.id, order.lines);
      if (lines.length > 0) desk.print(lines.map(printable));
      else desk.remark([`${order.id} has printed nothing, or has no screen while it does not run.`]);
      return exitCodes.done;
    }
    case 'why':
      desk.print((await why(order.id, desk)).flatMap((each) => sentence(each, style, 2)));
      return exitCodes.done;
    case 'history':
      await history(order, desk);
      return exitCodes.done;
    case 'audit': {
      const entries = records.audit.since(new Date(Date.now() - order.sinceMs));
      desk.print(order.json ? [auditJson(entries)] : auditLines(entries, style));
      return exitCodes.done;
    }
  }
}

async function why(id: AgentId, { host, records }: Desk): Promise<readonly string[]> {
  const { journal, operations, wanted, drainBudgets } = records;
  const roster = await readRoster(host);
  const [target = { id }] = selected(roster, { kind: 'agent', id });
  const facts = await readWhy(
    {
      host,
      log: operations,
      wanted,
      budgets: drainBudgets,
      crashLoops: createCrashLoops(journal, createMemory(journal)),
      mutes: createMutes(journal),
    },
    id,
    usualBudgetMs({ host, roster }, target),
  );
  return whySentences(facts, terminalWording());
}

/** As many as a person reads; with `--since` all of that time. */
const mostUnasked = 50;

const mostSince = 10_000;

async function history(order: HistoryOrder, desk: Desk): Promise<void> {
  const { host, records, style } = desk;
  const { journal, operations } = records;
  const { project, sinceMs } = order;
  const query = {
    ...(project !== undefined && { project }),
    ...(sinceMs !== undefined && { since: new Date(Date.now() - sinceMs) }),
    most: sinceMs === undefined ? mostUnasked : mostSince,
  };
  const past = {
    operations: operations.recent(query),
    deaths: createCrashLoops(journal, createMemory(journal)).deaths(query),
  };
  if (project !== undefined && past.operations.length + past.deaths.length === 0) {
    selected(await readRoster(host), { kind: 'project', project });
  }
  if (order.as === 'json') desk.print([asJson(historyJson(past))]);
  else if (order.as === 'markdown')
    desk.print([timeline(past, project ?? 'The whole team', host.name).trimEnd()]);
  else desk.print(historyLines(past, style));
}

function asJson(value: unknown): string {
  return JSON.stringify(value, null, 2);
}

/** Without what would move the cursor or change the terminal. */
function printable(line: string): string {
  return line.replace(/[^\P{C}\t]/gu, '').trimEnd();
}
