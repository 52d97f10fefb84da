import type { AgentId } from '../../domain/agent.ts';
import { type Alert, isAgentResolved } from '../../domain/alert.ts';
import { type Edge, isTrouble } from '../../domain/state-change.ts';
import type { Journal } from '../../journal/journal.ts';
import { dates } from '../changes/last-seen.ts';
import { causeOf, type Surroundings } from './cause.ts';
import { fold, isResolved, openUnreadable } from './merge-changes.ts';
import type { Mutes } from './mutes.ts';

/** Groups edges into alerts, in the journal: a restart of Muster neither repeats one nor forgets one. */
export interface AlertBook {
  /** Takes edges that were noticed together, and returns the alerts that have changed by them. */
  take(edges: readonly Edge[]): readonly Alert[];
  /** Gives the way back to how it is now, for when the transaction that `take` is part of fails. */
  mark(): () => void;
  /** What was posted, and where; an older revision than the newest is to be told again. */
  told(id: string, revision: number, message: { readonly channel: string; readonly ts: string }): void;
  /** The alerts of which the newest revision was not told. */
  untold(): readonly Alert[];
  /** Who cannot be read, as far as that was told. */
  unreadable(): readonly AgentId[];
  /** Of whom something is left to see to. */
  unresolved(): readonly AgentId[];
}

export interface AlertBookOptions {
  readonly journal: Journal;
  readonly mutes: Mutes;
  readonly now: () => number;
  readonly newId: () => string;
  readonly surroundings: () => Surroundings;
}

/** Edges so soon after the first go into the same message. */
const groupMs = 10_000;

/** An agent that is in trouble again so soon is in the same trouble. */
const reopenMs = 15 * 60_000;

/** How long an alert that is resolved is kept. */
const rememberMs = 90 * 24 * 3600_000;

export function createAlertBook({ journal, mutes, now, newId, surroundings }: AlertBookOptions): AlertBook {
  forgetOld();
  /** Open, or changed a short while ago; oldest first. */
  let live = read('resolved_at is null or changed_at > ?', now() - reopenMs);

  function forgetOld(): void {
    journal.run((database) =>
      database
        .prepare('delete from alerts where changed_at < ? and resolved_at is not null')
        .run(now() - rememberMs),
    );
  }

  function read(where: string, ...values: number[]): Alert[] {
    return journal.run((database) =>
      database
        .prepare(`select alert, channel, message_ts from alerts where ${where} order by opened_at, id`)
        .all(...values)
        .map(({ alert, channel, message_ts: ts }) => ({
          ...(JSON.parse(String(alert), dates) as Alert),
          ...(ts === null ? {} : { message: { channel: String(channel), ts: String(ts) } }),
        })),
    );
  }

  function write(alert: Alert): void {
    const { message: _message, ...content } = alert;
    journal.run((database) =>
      database
        .prepare(
          `insert into alerts (id, opened_at, changed_at, resolved_at, revision, alert) values (?, ?, ?, ?, ?, ?)
           on conflict (id) do update set changed_at = excluded.changed_at, resolved_at = excluded.resolved_at,
           revision = excluded.revision, alert = excluded.alert`,
        )
        .run(
          alert.id,
          alert.openedAt.getTime(),
          alert.changedAt.getTime(),
          alert.resolvedAt?.getTime() ?? null,
          alert.revision,
          JSON.stringify(content),
        ),
    );
  }

  /** The alert an edge belongs in; `new`: one of its own; undefined: nobody was told what it is the sequel of. */
  function placeOf(edge: Edge): Alert | 'new' | undefined {
    const own = 'id' in edge ? live.findLast((alert) => concerns(alert, edge.id)) : hostAlert(edge);
    if (own !== undefined || !isTrouble(edge)) return own;
    return live.findLast(({ openedAt }) => now() - openedAt.getTime() <= groupMs) ?? 'new';
  }

  function concerns({ agents, changedAt }: Alert, id: AgentId): boolean {
    const entry = agents.find((agent) => agent.id === id);
    return entry !== undefined && (!isAgentResolved(entry) || now() - changedAt.getTime() < reopenMs);
  }

  function hostAlert(edge: Edge): Alert | undefined {
    if (edge.kind !== 'unreadable' && edge.kind !== 'readable') return undefined;
    return live.findLast(({ host }) => openUnreadable(host) !== undefined);
  }

  function isMuted(edge: Edge): boolean {
    if (!isTrouble(edge)) return false;
    const agent = 'id' in edge ? { agent: edge.id } : {};
    const mute = mutes.of(agent.agent);
    if (mute !== undefined) mutes.keep(mute, { ...agent, kind: edge.kind, at: edge.at });
    return mute !== undefined;
  }

  function opened(): Alert {
    const at = new Date(now());
    const alert: Alert = { id: newId(), openedAt: at, changedAt: at, revision: 0, agents: [], host: [] };
    live = [...live, alert];
    return alert;
  }

  /** What sets right again what had happened is no cause of it. */
  function revised(
    { resolvedAt: _resolved, ...alert }: Alert,
    hasTrouble: boolean,
    around: Surroundings,
  ): Alert {
    const isYoung = now() - alert.openedAt.getTime() <= groupMs;
    const cause = (isYoung && hasTrouble ? causeOf(alert, around) : undefined) ?? alert.cause;
    return {
      ...alert,
      changedAt: new Date(now()),
      revision: alert.revision + 1,
      ...(cause ? { cause } : {}),
      ...(isResolved(alert) ? { resolvedAt: new Date(now()) } : {}),
    };
  }

  return {
    take(edges) {
      const horizon = now() - reopenMs;
      live = live.filter(({ resolvedAt, changedAt }) => !resolvedAt || changedAt.getTime() > horizon);
      const changedIds = new Set<string>();
      const troubledIds = new Set<string>();
      for (const edge of edges) {
        if (isMuted(edge)) continue;
        const place = placeOf(edge);
        if (place === undefined) continue;
        const { id } = place === 'new' ? opened() : place;
        changedIds.add(id);
        if (isTrouble(edge)) troubledIds.add(id);
        // The next edge may be the sequel of this one.
        live = live.map((alert) => (alert.id === id ? { ...alert, ...fold(alert, edge) } : alert));
      }
      if (changedIds.size === 0) return [];
      const around = surroundings();
      live = live.map((alert) =>
        changedIds.has(alert.id) ? revised(alert, troubledIds.has(alert.id), around) : alert,
      );
      const changed = live.filter(({ id }) => changedIds.has(id));
      for (const alert of changed) write(alert);
      return changed;
    },
    mark() {
      const before = live;
      return () => {
        live = before;
      };
    },
    told(id, revision, message) {
      journal.run((database) =>
        database
          .prepare(
            'update alerts set told_revision = max(told_revision, ?), channel = ?, message_ts = ? where id = ?',
          )
          .run(revision, message.channel, message.ts, id),
      );
      live = live.map((alert) => (alert.id === id ? { ...alert, message } : alert));
    },
    untold: () => read('told_revision < revision'),
    unresolved: () =>
      live.flatMap(({ agents }) => agents.filter((agent) => !isAgentResolved(agent)).map(({ id }) => id)),
    unreadable: () => live.flatMap(({ host }) => openUnreadable(host)?.agents ?? []),
  };
}
