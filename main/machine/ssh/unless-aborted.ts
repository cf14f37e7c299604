/**
 * Waits for the answer, but not longer than the signal: a machine may keep a connection alive and
 * never answer. An answer that comes too late goes to `late`, which lets go of what it holds.
 */
export async function unlessAborted<T>(
  answer: Promise<T>,
  signal: AbortSignal | undefined,
  late: (value: T) => void = () => undefined,
): Promise<T> {
  if (signal === undefined) return await answer
  const aborted = Promise.withResolvers<never>()
  const onAbort = (): void => {
    answer.then(late, () => undefined) // Nobody waits for its failure any more.
    aborted.reject(signal.reason)
  }
  if (signal.aborted) onAbort()
  else signal.addEventListener('abort', onAbort, { once: true })
  try {
    return await Promise.race([answer, aborted.promise])
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}
