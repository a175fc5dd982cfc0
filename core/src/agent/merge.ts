/** Merges sources that end, each in order, into one in order. Ends all sources when the reader stops. */
export async function* merge<T>(
  sources: readonly AsyncIterable<T>[],
  compare: (a: T, b: T) => number,
): AsyncGenerator<T> {
  const readers = sources.map((source) => source[Symbol.asyncIterator]());
  try {
    const heads = await Promise.all(readers.map(async (reader) => ({ reader, head: await reader.next() })));
    for (;;) {
      let first: { reader: AsyncIterator<T>; head: IteratorResult<T> } | undefined;
      for (const entry of heads) {
        if (entry.head.done) continue;
        if (!first || compare(entry.head.value, first.head.value) < 0) first = entry;
      }
      if (!first) return;
      yield first.head.value;
      first.head = await first.reader.next();
    }
  } finally {
    await Promise.allSettled(readers.map((reader) => reader.return?.()));
  }
}
