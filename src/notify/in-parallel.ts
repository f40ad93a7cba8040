/** Does `work` on every item, on at most `limit` of them at once, starting in their order. */
export async function inParallel<Item>(
  items: AsyncGenerator<Item, void, undefined>,
  limit: number,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const lane = async () => {
    for (let next = await items.next(); !next.done; next = await items.next()) await work(next.value);
  };
  await Promise.all(Array.from({ length: limit }, lane));
}
