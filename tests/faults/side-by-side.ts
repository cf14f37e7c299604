/** Runs tasks, at most so many at once, and yields each result as it comes. A rejection ends it. */
export async function* sideBySide<T, R>(
  items: Iterable<T>,
  atOnce: number,
  task: (item: T) => Promise<R>,
): AsyncGenerator<R> {
  const waiting = items[Symbol.iterator]()
  const under = new Map<number, Promise<{ readonly key: number; readonly result: R }>>()
  let last = 0
  for (;;) {
    while (under.size < atOnce) {
      const { done, value: item } = waiting.next()
      if (done === true) break
      const key = ++last
      under.set(
        key,
        task(item).then((result) => ({ key, result })),
      )
    }
    if (under.size === 0) return
    const { key, result } = await Promise.race(under.values())
    under.delete(key)
    yield result
  }
}
