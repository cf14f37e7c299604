import { setTimeout as delay } from 'node:timers/promises'
import type { Command } from 'commander'
import { type JobSummary } from '../../../preload/contract/job.ts'
import { isEnded } from '../../../preload/contract/job-state.ts'
import { SubletError } from '../../domain/errors.ts'
import { formatMicros } from '../../domain/format.ts'
import type { Api } from '../api.ts'
import { type CliContext, say, sayJson } from '../context.ts'
import { followNotices, noticeLine } from '../run/follow-notices.ts'
import { inertLine } from '../format/inert.ts'

interface WatchOptions {
  readonly untilIdle?: boolean
  readonly json?: boolean
}

const checkIdleEveryMs = 1_000

/** `sublet watch`. */
export function addWatch(program: Command, context: CliContext): void {
  program
    .command('watch')
    .description('follow all jobs')
    .option('--until-idle', 'end once every job has ended and every machine has its receipt')
    .option('--json', 'one JSON event a line')
    .addHelpText('after', '\nExamples:\n  sublet watch\n  sublet watch --until-idle')
    .action((options: WatchOptions) => watch(context, options))
}

async function watch(context: CliContext, options: WatchOptions): Promise<void> {
  const stop = new AbortController()
  const stopListening = context.io.onInterrupt(() => stop.abort())
  const jobs = new Map<string, JobSummary>()
  const said = new Map<string, string>()
  const onJob = (job: JobSummary): void => {
    jobs.set(job.id, job)
    const line = jobLine(job)
    if (said.get(job.id) === line) return
    said.set(job.id, line)
    if (options.json === true) sayJson(context, { type: 'state', ...job })
    else say(context, line)
  }
  const ended = new AbortController()
  const noticing = followNotices(
    context.engine,
    null,
    (notice) => {
      if (options.json === true) sayJson(context, { type: 'notice', ...notice })
      else say(context, noticeLine(notice))
    },
    AbortSignal.any([stop.signal, ended.signal]),
  )
  try {
    await context.engine.throughLosses(
      async (api) => {
        const stream = await api.jobs.watch({}, { signal: stop.signal })
        // A look at idleness that outlived its lost connection would open one that nobody closes.
        const over = new AbortController()
        try {
          for (const job of stream.snapshot) {
            if (isEnded(job.state) && job.settled) jobs.set(job.id, job)
            else onJob(job)
          }
          const events = (async () => {
            for await (const job of stream.events) onJob(job)
            throw new SubletError('unreachable', 'The engine stopped reporting.')
          })()
          await (options.untilIdle === true
            ? Promise.race([
                events,
                untilIdle(api, jobs, AbortSignal.any([stop.signal, over.signal])),
              ])
            : events)
        } finally {
          over.abort()
          stream.close()
        }
      },
      { signal: stop.signal },
    )
  } catch (thrown) {
    // Ctrl-C is how a watch without end ends.
    if (!stop.signal.aborted) throw thrown
    if (options.untilIdle === true)
      throw new SubletError('cancelled', 'No longer watching; jobs go on.')
    return
  } finally {
    stopListening()
    ended.abort()
    await noticing
  }
  if (options.json === true) sayJson(context, { type: 'idle' })
  else say(context, 'Idle: every job has ended and every machine has its receipt.')
}

async function untilIdle(
  api: Api,
  jobs: ReadonlyMap<string, JobSummary>,
  signal: AbortSignal,
): Promise<void> {
  for (;;) {
    const quiet = [...jobs.values()].every((job) => isEnded(job.state) && job.settled)
    if (quiet) {
      const status = await api.system.status({}, { signal })
      if (status.activeJobs === 0 && status.rentalsWithoutReceipt === 0) return
    }
    await delay(checkIdleEveryMs, undefined, { signal })
  }
}

function jobLine(job: JobSummary): string {
  const percent = `${String(Math.round(job.progress.fraction * 100)).padStart(3)} %`
  const cost = job.settled ? `, ${formatMicros(job.costMicros)}` : ''
  return `${inertLine(job.name)} (${job.id})  ${percent}  ${job.state}: ${inertLine(job.progress.sentence)}${cost}`
}
