import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { JobSummary } from '../../../preload/contract/job.ts'
import { testUser, type TestUser } from '../../support/cli.ts'
import { eventually } from '../../support/eventually.ts'
import { broke, type Injection } from '../fault-class.ts'

/** One injection by a user with an engine of their own, who leaves nothing; a throw is a break. */
export async function withUser(
  what: string,
  play: (user: TestUser) => Promise<Injection>,
): Promise<Injection> {
  const user = await testUser()
  try {
    return await play(user)
  } catch (thrown) {
    return broke(what, thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown))
  } finally {
    await user.stop()
  }
}

/** Waits for the job's end, whatever that is; fails with what it said last. */
export async function untilEnded(
  user: TestUser,
  id: string,
  timeoutMs: number,
): Promise<JobSummary> {
  return await eventually(
    async () => {
      const { summary } = await user.show(id)
      if (summary.endedAt !== null) return summary
      throw new Error(`${summary.state}: ${summary.progress?.sentence ?? ''}`)
    },
    { timeoutMs, everyMs: 1_000 },
  )
}

/** Writes `NAME/job.sh` into the user's work folder. */
export function script(user: TestUser, name: string, text: string): void {
  mkdirSync(join(user.work, name))
  writeFileSync(join(user.work, name, 'job.sh'), text)
}
