import { randomUUID } from 'node:crypto';
import { whySentences } from '../../language/why.ts';
import { sentence } from '../terminal/style.ts';
import type { Desk } from './context.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { troubleWords } from './explain.ts';
import { auditJson, auditLines, historyJson, historyLines, timeline } from './history-lines.ts';
import { endMute, muteAlerts } from './mutes.ts';
import type { HistoryOrder, Order } from './read-verb.ts';
import { statusJson, statusLines } from './status-lines.ts';
import { terminalWording } from './terminal-phrases.ts';

/** Does what was asked, with the attempt and its outcome in the audit, and every failure in words. */
export async function carryOrder(order: Order, desk: Desk): Promise<ExitCode> {
  const { person, text, audit } = desk;
  const delivery = `host-${randomUUID()}`;
  const attempt = { delivery, person, team: 'host', channel: 'terminal', text, decision: 'allowed' } as const;
  const note = audit.attempt(attempt);
  const { code, outcome } = await outcomeOf(order, delivery, desk);
  note(outcome);
  return code;
}

async function outcomeOf(
  order: Order,
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

async function handle(order: Order, delivery: string, desk: Desk): Promise<ExitCode> {
  const { site, style } = desk;
  switch (order.kind) {
    case 'operate': {
      // Whoever only looks does not wait for the half of Muster that this loads.
      const { operate } = await import('./run-operation.ts');
      return await operate(order, delivery, desk);
    }
    case 'status': {
      const [hello, status] = await Promise.all([site.hello(), site.status(order.selection)]);
      desk.print(order.json ? [asJson(statusJson(status, hello))] : statusLines(status, hello.host, style));
      return exitCodes.done;
    }
    case 'logs': {
      const lines = await site.logs(order.id, order.lines);
      if (lines.length > 0) desk.print(lines.map(printable));
      else desk.remark([`${order.id} has printed nothing, or has no screen while it does not run.`]);
      return exitCodes.done;
    }
    case 'why':
      desk.print(
        whySentences(await site.why(order.id), terminalWording()).flatMap((each) => sentence(each, style, 2)),
      );
      return exitCodes.done;
    case 'history':
      await history(order, desk);
      return exitCodes.done;
    case 'audit': {
      const entries = desk.audit.since(new Date(Date.now() - order.sinceMs));
      desk.print(order.json ? [auditJson(entries)] : auditLines(entries, style));
      return exitCodes.done;
    }
    case 'mute':
      await muteAlerts(order.selection, order.forMs, desk);
      return exitCodes.done;
    case 'unmute':
      await endMute(order.selection, desk);
      return exitCodes.done;
  }
}

/** As many as a person reads; with `--since` all of that time. */
const mostUnasked = 50;

const mostSince = 10_000;

async function history(order: HistoryOrder, desk: Desk): Promise<void> {
  const { site, style } = desk;
  const { project, sinceMs } = order;
  const past = await site.history({
    ...(project !== undefined && { project }),
    ...(sinceMs !== undefined && { since: new Date(Date.now() - sinceMs) }),
    most: sinceMs === undefined ? mostUnasked : mostSince,
  });
  if (order.as === 'json') desk.print([asJson(historyJson(past))]);
  else if (order.as === 'markdown')
    desk.print([timeline(past, project ?? 'The whole team', (await site.hello()).host).trimEnd()]);
  else desk.print(historyLines(past, style));
}

function asJson(value: unknown): string {
  return JSON.stringify(value, null, 2);
}

/** Without what would move the cursor or change the terminal. */
function printable(line: string): string {
  return line.replace(/[^\P{C}\t]/gu, '').trimEnd();
}
