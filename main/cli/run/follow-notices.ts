import type { Notice } from '../../../preload/contract/overview.ts'
import { SubletError } from '../../domain/errors.ts'
import { inertLine } from '../format/inert.ts'
import type { EngineLink } from '../engine-link.ts'

/** What is worth a line beside a job: its state and its end are said by others. */
const told: ReadonlySet<Notice['kind']> = new Set(['job-long', 'gpu-idle', 'budget-near'])

/**
 * Says each new notice once, until aborted: of one job and of budgets, or of all jobs. Notices are
 * a comfort: where they cannot be had, the job is followed without them.
 */
export async function followNotices(
  engine: EngineLink,
  jobId: string | null,
  onNotice: (notice: Notice) => void,
  signal: AbortSignal,
): Promise<void> {
  const said = new Set<string>()
  try {
    await engine.throughLosses(
      async (api) => {
        const stream = await api.system.watch({}, { signal })
        const take = (notices: readonly Notice[]): void => {
          for (const notice of notices.toReversed()) {
            if (said.has(notice.id)) continue
            said.add(notice.id)
            const concerns = jobId === null || notice.jobId === null || notice.jobId === jobId
            if (concerns && told.has(notice.kind)) onNotice(notice)
          }
        }
        take(stream.snapshot.notices)
        for await (const { notices } of stream.events) take(notices)
        throw new SubletError('unreachable', 'The engine stopped reporting.')
      },
      { signal },
    )
  } catch {
    // Aborted, or an engine that has none to tell.
  }
}

/** One line, with what can be done about it. */
export function noticeLine({ title, sentence, jobId, actions }: Notice): string {
  const stop = jobId !== null && actions.includes('stop') ? ` "sublet stop ${jobId}" stops it.` : ''
  return inertLine(`${title}. ${sentence}${stop}`)
}
