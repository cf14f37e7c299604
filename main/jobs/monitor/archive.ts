import type { HomePaths } from '../home-paths.ts'
import { JobLog } from './job-log.ts'
import { MetricsColumns } from './metrics-columns.ts'

/** Jobs whose indexes stay in memory: a few hundred kB each for a long log. */
const keptJobs = 12

interface Attempts {
  readonly attempts: readonly { readonly id: string }[]
}

/** What is known of one job's log and figures, read from the files of its home. */
interface JobMonitor {
  readonly log: JobLog
  readonly columns: readonly { readonly attemptId: string; readonly columns: MetricsColumns }[]
}

interface Kept {
  readonly log: JobLog
  readonly columns: Map<string, MetricsColumns>
  work: Promise<unknown>
}

/** Indexes over the logs and figures of jobs, made when first asked for and kept up to date. */
export class MonitorArchive {
  readonly #paths: HomePaths
  readonly #kept = new Map<string, Kept>()

  constructor(paths: HomePaths) {
    this.#paths = paths
  }

  /** The job's log, up to date. */
  async log(jobId: string, job: Attempts): Promise<JobLog> {
    const { log } = this.#of(jobId)
    await this.#inTurn(jobId, () =>
      log.update(job.attempts.map(({ id }) => ({ id, path: this.#paths.log(jobId, id) }))),
    )
    return log
  }

  /** The figures of all attempts in order, up to date. */
  async metrics(jobId: string, job: Attempts): Promise<JobMonitor['columns']> {
    const kept = this.#of(jobId)
    return await this.#inTurn(jobId, async () => {
      const all: { attemptId: string; columns: MetricsColumns }[] = []
      for (const { id } of job.attempts) {
        const columns =
          kept.columns.get(id) ??
          new MetricsColumns(this.#paths.metrics(jobId, id), this.#paths.metricsColumns(jobId, id))
        kept.columns.set(id, columns)
        await columns.catchUp()
        all.push({ attemptId: id, columns })
      }
      return all
    })
  }

  #of(jobId: string): Kept {
    const known = this.#kept.get(jobId)
    const kept = known ?? { log: new JobLog(), columns: new Map(), work: Promise.resolve() }
    // The last one used is the last one forgotten.
    this.#kept.delete(jobId)
    this.#kept.set(jobId, kept)
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= keptJobs) break
      this.#kept.delete(oldest)
    }
    return kept
  }

  async #inTurn<T>(jobId: string, work: () => Promise<T>): Promise<T> {
    const kept = this.#of(jobId)
    const done = kept.work.then(work)
    // One failure must not fail every later caller.
    kept.work = done.catch(() => undefined)
    return await done
  }
}
