import { setTimeout as delay } from 'node:timers/promises'

export interface EventuallyOptions {
  readonly timeoutMs?: number
  readonly everyMs?: number
  /** What is awaited, for the failure's sentence. */
  readonly what?: string
}

/** Polls until `check` returns something truthy, and returns it; fails with the last reason at the deadline. */
export async function eventually<T>(
  check: () => T | Promise<T>,
  { timeoutMs = 10_000, everyMs = 25, what = 'the condition' }: EventuallyOptions = {},
): Promise<NonNullable<T>> {
  const deadline = Date.now() + timeoutMs
  let reason: unknown = 'it never became true'
  while (Date.now() < deadline) {
    try {
      const value = await check()
      if (value) return value
      reason = `last value: ${String(value)}`
    } catch (error) {
      reason = error
    }
    await delay(everyMs)
  }
  throw new Error(`Waited ${timeoutMs} ms for ${what}.`, { cause: reason })
}
