import { agentBudget, agentLogs, agentStart, agentWhy } from './agent.ts';
import { alertMute, alertReload, muteEnd } from './alert.ts';
import type { Action } from './button.ts';
import { questionAccept, questionCancel, questionDrain } from './confirmation.ts';
import { drainExtend, drainKill } from './drain.ts';
import { statusNext, statusPrevious, statusRefresh, statusReload } from './status.ts';

/** Every button. A new one: its file in `actions/`, and its line here. */
export const buttons: readonly Action[] = [
  statusRefresh,
  statusPrevious,
  statusNext,
  statusReload,
  agentLogs,
  agentWhy,
  agentStart,
  agentBudget,
  alertReload,
  alertMute,
  muteEnd,
  drainExtend,
  drainKill,
  questionAccept,
  questionDrain,
  questionCancel,
];
