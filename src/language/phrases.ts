import type { AgentEnd } from '../domain/observation.ts';
import type { Death } from '../domain/state-change.ts';

/** How the place where a sentence is read writes what is not plain text there. */
export interface Wording {
  /** By Slack's id, or by the name they have on the host. */
  person(id: string): string;
  moment(at: Date): string;
  /** `38 s`, `4 h` */
  lasting(ms: number): string;
  /** Words that somebody typed or a program wrote, at most 300 characters unless told. */
  quoted(text: string, most?: number): string;
  /** An agent or a project, so that it stands out. */
  name(id: string): string;
  /** Words of ours that lead somewhere, where the place has links. */
  linked(words: string, link: string | undefined): string;
}

/** `with exit code 3`, `by SIGKILL`; nothing that ends in a full stop. */
export function endWords(end: AgentEnd): string {
  return end.kind === 'exited' ? `with exit code ${end.code}` : `by SIG${end.signal}`;
}

const byHand: Readonly<Record<string, string>> = {
  HUP: 'its session was closed (SIGHUP)',
  INT: 'somebody interrupted it (SIGINT)',
  TERM: 'somebody terminated it (SIGTERM)',
};

/** What happened to the agent, to follow its name: `died with exit code 3 after 2 h`. */
export function deathWords({ kind, end, livedMs }: Death, { lasting }: Pick<Wording, 'lasting'>): string {
  const after = livedMs === undefined ? '' : ` after ${lasting(livedMs)}`;
  if (kind === 'ended') return `ended by itself with success${after}`;
  if (kind === 'stopped-outside') {
    const how = byHand[(end?.kind === 'signalled' ? end.signal : end?.askedBy) ?? ''];
    const then = end?.kind === 'exited' ? `, and it exited with code ${end.code}` : '';
    return `was stopped outside Muster${after}${how === undefined ? '' : `: ${how}${then}`}`;
  }
  if (end?.kind === 'signalled' && end.signal === 'KILL')
    return `was killed (SIGKILL)${after}, and nobody had asked Muster for it`;
  return end === undefined ? `died${after}; how is not known` : `died ${endWords(end)}${after}`;
}
