import { randomBytes } from 'node:crypto';
import type { types } from '@slack/bolt';

export interface OpenView {
  readonly id: string;
  readonly hash: string;
  readonly person: string;
  readonly view: types.View;
}

/** Modals, stacked per person, and Home tabs. */
export interface ViewStore {
  push(person: string, view: types.View): OpenView;
  update(id: string, view: types.View): OpenView;
  /** The modal on top of the person's stack. */
  top(person: string): OpenView | undefined;
  find(idOrExternalId: string): OpenView | undefined;
  pop(person: string): void;
  clear(person: string): void;
  depth(person: string): number;
  publish(person: string, view: types.View): OpenView;
  home(person: string): OpenView | undefined;
}

export function createViewStore(onView: (view: OpenView) => void): ViewStore {
  const stacks = new Map<string, OpenView[]>();
  const homes = new Map<string, OpenView>();
  const stack = (person: string) => stacks.get(person) ?? [];

  function shown(
    person: string,
    view: types.View,
    id = `V${randomBytes(5).toString('hex').toUpperCase()}`,
  ): OpenView {
    const opened = { id, hash: `${Date.now()}.${randomBytes(4).toString('hex')}`, person, view };
    onView(opened);
    return opened;
  }
  function find(id: string): OpenView | undefined {
    return [...stacks.values()].flat().find((open) => open.id === id || open.view.external_id === id);
  }

  return {
    push(person, view) {
      const opened = shown(person, view);
      stacks.set(person, [...stack(person), opened]);
      return opened;
    },
    update(id, view) {
      const before = find(id);
      if (!before) throw new Error(`no view ${id}`);
      const after = shown(before.person, view, before.id);
      stacks.set(
        before.person,
        stack(before.person).map((open) => (open === before ? after : open)),
      );
      return after;
    },
    top: (person) => stack(person).at(-1),
    find,
    pop: (person) => stacks.set(person, stack(person).slice(0, -1)),
    clear: (person) => stacks.delete(person),
    depth: (person) => stack(person).length,
    publish(person, view) {
      const opened = shown(person, view, homes.get(person)?.id);
      homes.set(person, opened);
      return opened;
    },
    home: (person) => homes.get(person),
  };
}
