import { connectEngine } from '../../../main/engine/connect.ts'
import { subletVersion } from '../../../main/engine/version.ts'
import type { TestUser } from '../../support/cli.ts'

/** What the copies home of one job looked like from outside, while somebody watched. */
export interface MirrorWatch {
  /** Whether one is under way now. */
  copying(): boolean
  /** The longest so far, also one that is still under way. */
  longestMs(): number
  stop(): Promise<void>
}

/** Follows the job's copies until stopped, through every restart of the engine. */
export function watchMirror(user: TestUser, jobId: string): MirrorWatch {
  const stopped = new AbortController()
  let since: number | null = null
  let longest = 0
  const end = (): void => {
    if (since !== null) longest = Math.max(longest, performance.now() - since)
    since = null
  }
  const followOnce = async (): Promise<void> => {
    const client = await connectEngine({
      home: user.home,
      clientVersion: subletVersion(),
      role: 'test',
      startIfAbsent: false,
    })
    try {
      const { snapshot, events } = await client.api.jobs.outputs(
        { jobId, most: 1 },
        { signal: stopped.signal },
      )
      const take = (state: string | undefined): void => {
        if (state !== 'copying') end()
        else since ??= performance.now()
      }
      take(snapshot.mirror?.state)
      for await (const { mirror } of events) take(mirror?.state)
    } finally {
      client.close()
    }
  }
  const watching = (async () => {
    while (!stopped.signal.aborted) {
      await followOnce().catch(() => undefined) // The engine was killed, or is not there yet.
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  })()
  return {
    copying: () => since !== null,
    longestMs: () => Math.max(longest, since === null ? 0 : performance.now() - since),
    stop: async () => {
      stopped.abort()
      await watching
    },
  }
}
