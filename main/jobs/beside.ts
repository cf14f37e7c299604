import { toWireError } from '../domain/errors.ts'
import type { StepContext } from './steps/context.ts'

/** Between two tries of side work that failed, in physical time. */
const againAfterRealMs = 3_000

export type SideWork = (signal: AbortSignal) => Promise<void>

/**
 * Does `main` with works at its side, which end with it or with `until`. Side work that fails
 * while the connection lives is tried again: none of it may end silently.
 */
export async function beside<T>(
  context: StepContext,
  works: readonly SideWork[],
  until: AbortSignal,
  main: () => Promise<T>,
): Promise<T> {
  const ended = new AbortController()
  const side = AbortSignal.any([context.signal, ended.signal, until])
  const sideWork = Promise.all(works.map((work) => keepAtIt(context, work, side)))
  try {
    return await main()
  } finally {
    ended.abort()
    await sideWork
  }
}

async function keepAtIt(context: StepContext, work: SideWork, signal: AbortSignal): Promise<void> {
  const { clock, log, jobId } = context
  while (!signal.aborted) {
    try {
      await work(signal)
      return
    } catch (thrown) {
      if (signal.aborted) return
      log.info({ error: toWireError(thrown) }, `${jobId}: side work broke off; again`)
    }
    await clock.sleep(againAfterRealMs / clock.realMs(1), signal).catch(() => undefined) // Over.
  }
}
