import { expect } from 'vitest';
import type { AgentId } from '../../src/domain/agent.ts';
import { newId, type Request } from '../../src/domain/operation.ts';
import type { Followed } from '../../src/domain/operation-record.ts';
import type { Selection } from '../../src/domain/selection.ts';
import type { Site } from '../../src/site/site.ts';

/** A site with one project `shop` of `lead`, `cart` and `pay`, which all run and end when they are asked. */
export interface SiteHarness {
  readonly site: Site;
  /** As if the world had changed it; `running` is a new life. */
  set(id: AgentId, change: { readonly state?: 'running' | 'stopped'; readonly drain?: 'stubborn' }): void;
  /** What was done to agents, such as `drain shop:pay`, in order. */
  touched(): readonly string[];
  /** Lets time go by for what waits to go. */
  advance(ms: number): void;
}

export const pay = { kind: 'agent', id: 'shop:pay' } as const;
export const shop = { kind: 'project', project: 'shop' } as const;
export const nowhere = { kind: 'project', project: 'shpo' } as const;

export function asked(
  verb: Request['verb'],
  selection: Selection = pay,
  more: Partial<Request> = {},
): Request {
  return { verb, selection, force: false, askedBy: 'ana', text: `/team ${verb}`, ...more };
}

export async function allOf(news: AsyncIterable<Followed>): Promise<readonly Followed[]> {
  const all: Followed[] = [];
  for await (const each of news) all.push(each);
  return all;
}

export const kindsOf = (news: readonly Followed[]) =>
  news.map((each) => (each.kind === 'event' ? each.event.kind : each.kind));

/** Begins, goes and follows to the end. */
export async function carryOut(site: Site, request: Request) {
  const id = newId('O');
  const begun = await site.begin({ id, request });
  expect(begun.kind).toBe('begun');
  await site.go(id);
  return { id, news: await allOf(site.follow(id, 0)) };
}
