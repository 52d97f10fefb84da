/**
 * For what costs the same for one as for many. Who asks is served by work that begins after they asked; those who ask while some is
 * under way share the next. The results are in the order of the items.
 */
export function together<Item, Result>(
  work: (items: readonly Item[]) => Promise<readonly Result[]>,
): (item: Item) => Promise<Result> {
  let underWay: Promise<unknown> = Promise.resolve();
  let next: { readonly items: Item[]; readonly results: Promise<readonly Result[]> } | undefined;

  return async (item) => {
    next ??= begin();
    const { items, results } = next;
    const index = items.push(item) - 1;
    return (await results)[index] as Result;
  };

  function begin(): NonNullable<typeof next> {
    const items: Item[] = [];
    const results = underWay.then(() => {
      next = undefined;
      return work(items);
    });
    underWay = results.catch(() => undefined);
    return { items, results };
  }
}
