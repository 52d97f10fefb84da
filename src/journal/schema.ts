/** One entry per version, applied in order and never changed once released. Times are milliseconds since 1970. */
export const migrations: readonly string[] = [
  `
  create table deliveries (
    delivery text primary key,
    at integer not null,
    person text not null,
    channel text not null,
    text text not null,
    changes integer not null,
    settled_at integer
  ) strict;
  create index deliveries_by_age on deliveries (at);
  create index deliveries_open on deliveries (delivery) where settled_at is null;

  create table audit (
    id integer primary key,
    at integer not null,
    delivery text not null,
    person text not null,
    team text not null,
    channel text not null,
    text text not null,
    decision text not null,
    reason text
  ) strict;
  create table audit_outcomes (
    attempt integer primary key references audit (id),
    at integer not null,
    outcome text not null
  ) strict;
  create trigger audit_is_not_changed before update on audit
    begin select raise(abort, 'the audit is only appended to'); end;
  create trigger audit_is_not_pruned before delete on audit
    begin select raise(abort, 'the audit is only appended to'); end;
  create trigger outcomes_are_not_changed before update on audit_outcomes
    begin select raise(abort, 'the audit is only appended to'); end;
  create trigger outcomes_are_not_pruned before delete on audit_outcomes
    begin select raise(abort, 'the audit is only appended to'); end;

  create table wanted (
    agent text primary key,
    state text not null check (state in ('up', 'down')),
    by_whom text not null,
    at integer not null
  ) strict;

  create table operations (
    id text primary key,
    project text not null,
    delivery text,
    request text not null,
    plan text not null,
    started_at integer not null,
    pid integer not null,
    start_time text not null,
    boot_id text not null,
    channel text,
    message_ts text,
    finished_at integer,
    error text,
    cancelled text,
    told_at integer
  ) strict;
  create index operations_by_start on operations (started_at);
  create index operations_of_project on operations (project, started_at);
  create index operations_of_delivery on operations (delivery);
  create index operations_not_told on operations (id) where told_at is null;

  create table events (
    operation text not null references operations (id) on delete cascade,
    number integer not null,
    agent text not null,
    kind text not null,
    at integer not null,
    data text not null,
    primary key (operation, number)
  ) strict, without rowid;
  create index stops_of_agent on events (agent, at) where kind in ('drained', 'killed');

  create table receipts (
    id text primary key,
    operation text not null references operations (id) on delete cascade,
    agent text not null,
    at integer not null,
    unique (operation, agent)
  ) strict;
  create index receipts_of_agent on receipts (agent, at);

  create table posts (
    id text not null,
    channel text not null,
    at integer not null,
    ts text,
    primary key (id, channel)
  ) strict;

  create table questions (
    id text primary key,
    question text not null,
    expires_at integer not null,
    channel text,
    message_ts text,
    closed_at integer
  ) strict;
  create index questions_open on questions (id) where closed_at is null;

  create index events_of_agent on events (agent, at);
  create index operations_by_end on operations (finished_at);
  create table watched (
    agent text primary key,
    known text not null,
    at integer not null
  ) strict;
  create table heartbeat (
    id integer primary key check (id = 1),
    at integer not null,
    planned integer not null
  ) strict;
  create table deaths (
    agent text not null,
    at integer not null,
    is_crash integer not null,
    death text not null,
    primary key (agent, at)
  ) strict, without rowid;
  create table crash_loops (
    agent text primary key,
    since integer not null,
    over_at integer
  ) strict;
  create table alerts (
    id text primary key,
    opened_at integer not null,
    changed_at integer not null,
    resolved_at integer,
    revision integer not null,
    alert text not null,
    told_revision integer not null default 0,
    channel text,
    message_ts text
  ) strict;
  create index alerts_not_told on alerts (id) where told_revision < revision;
  create index alerts_open on alerts (id) where resolved_at is null;
  create index alerts_by_change on alerts (changed_at);
  create table mutes (
    id integer primary key,
    what text not null,
    by_whom text not null,
    since integer not null,
    until integer not null,
    ended_at integer,
    ended_by text,
    told_at integer
  ) strict;
  create table muted (
    mute integer not null references mutes (id),
    agent text,
    kind text not null,
    at integer not null
  ) strict;
  create index muted_by_mute on muted (mute);

  create table drain_budgets (
    agent text primary key,
    budget_ms integer not null,
    by_whom text not null,
    at integer not null
  ) strict;
  `,
  // The audit knows what came of an attempt when the operation itself has been pruned.
  `
  create table audit_operations (
    delivery text not null,
    operation text not null,
    primary key (delivery, operation)
  ) strict, without rowid;
  insert into audit_operations select delivery, id from operations where delivery is not null;
  create trigger operations_are_audited after insert on operations when new.delivery is not null
    begin insert into audit_operations values (new.delivery, new.id); end;
  create trigger audited_operations_are_not_changed before update on audit_operations
    begin select raise(abort, 'the audit is only appended to'); end;
  create trigger audited_operations_are_not_pruned before delete on audit_operations
    begin select raise(abort, 'the audit is only appended to'); end;
  `,
  // Before it went, nothing was touched for an operation.
  `
  alter table operations add column went_at integer;
  update operations set went_at = started_at;
  `,
];
