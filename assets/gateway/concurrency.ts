/** Maps `items` in order, with at most `limit` calls in flight. */
export async function mapLimited<T, R>(items: readonly T[], limit: number, map: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = new Array(items.length);
  const waiting = items.entries(); // shared: each lane takes the next
  const lane = async () => {
    for (const [index, item] of waiting) results[index] = await map(item);
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, lane));
  return results;
}

/** Caches the results of `load` by key, so that many readers make one call; failures are not cached. */
export function remembered<T>(load: (key: string) => Promise<T>, lifetimeMs: number, now: () => number) {
  const entries = new Map<string, { until: number; value: Promise<T> }>();
  return (key: string): Promise<T> => {
    for (const [old, { until }] of entries) if (until <= now()) entries.delete(old);
    const known = entries.get(key);
    if (known) return known.value;
    const value = load(key);
    const entry = { until: now() + lifetimeMs, value };
    entries.set(key, entry);
    value.catch(() => {
      if (entries.get(key) === entry) entries.delete(key);
    });
    return value;
  };
}
