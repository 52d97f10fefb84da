import type { Action } from './action.ts';
import { agentBudget, agentLogs, agentStart, agentWhy } from './actions/agent.ts';
import { alertMute, alertReload, muteEnd } from './actions/alert.ts';
import { drainExtend, drainKill } from './actions/drain.ts';
import { questionAccept, questionCancel, questionDrain } from './actions/question.ts';
import { statusNext, statusPrevious, statusRefresh, statusReload } from './actions/status.ts';

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
