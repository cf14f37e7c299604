import { mkdir, readFile, realpath, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { toWireError } from '../domain/errors.ts'
import { lastAttempt } from '../domain/job/record.ts'
import { holdsRental } from '../domain/job/holds-rental.ts'
import type { Logger } from '../domain/logger.ts'
import type { HomePaths } from '../jobs/home-paths.ts'
import type { Journal } from '../jobs/journal/journal.ts'
import { replaceFile } from './replace-file.ts'
import { sshRoute } from './services/ssh-route.ts'
import { hostBlock, includeLine, includes, sshAlias, sshConfigText } from './ssh-config-text.ts'

export interface SshConfigDeps {
  readonly journal: Journal
  readonly paths: HomePaths
  readonly log: Logger
  /** The user's own home folder. */
  readonly userDir: string
}

/** Sublet's SSH configuration for editors: an alias for each job with a machine, gone with it. */
export class SshConfig {
  readonly file: string
  readonly userFile: string
  readonly #deps: SshConfigDeps
  /** Written one after the other, so that the last state stays. */
  #writing: Promise<void> = Promise.resolve()
  #wanted = false

  constructor(deps: SshConfigDeps) {
    this.#deps = deps
    this.file = join(deps.paths.home, 'ssh', 'config')
    this.userFile = join(deps.userDir, '.ssh', 'config')
  }

  get includeLine(): string {
    return includeLine(this.file)
  }

  /** Keeps the file as the jobs are, once there is one; until aborted. */
  async start(signal: AbortSignal): Promise<void> {
    this.#wanted = await stat(this.file).then(
      () => true,
      () => false, // Nobody asked for an alias yet.
    )
    const stop = this.#deps.journal.onChange(({ rentals }) => {
      if (!this.#wanted || rentals.size === 0) return
      this.write().catch((thrown: unknown) => {
        this.#deps.log.warn({ error: toWireError(thrown) }, 'The SSH configuration is out of date')
      })
    })
    signal.addEventListener('abort', stop)
    if (this.#wanted) await this.write()
  }

  /** Writes the aliases of all jobs that have a machine now. */
  async write(): Promise<void> {
    this.#wanted = true
    const turn = this.#writing.then(() => this.#write())
    this.#writing = turn.catch(() => undefined) // Told to whoever asked for this turn.
    await turn
  }

  /** Whether the user's ssh reads our file. */
  async isIncluded(): Promise<boolean> {
    return includes(await textOf(this.userFile), this.file)
  }

  /** Adds the line at the top of the user's configuration: whole or not at all, its mode kept. */
  async include(): Promise<void> {
    const text = await textOf(this.userFile)
    if (includes(text, this.file)) return
    await mkdir(dirname(this.userFile), { recursive: true, mode: 0o700 })
    // A link (into a folder of dot files) stays one.
    const target = await realpath(this.userFile).catch(() => this.userFile) // Not there yet.
    const mode = await stat(target).then(
      (found) => found.mode & 0o777,
      () => 0o600, // As ssh would make it.
    )
    const rest = text === '' ? '' : `\n${text}`
    await replaceFile(target, `${this.includeLine}\n${rest}`, mode)
  }

  async #write(): Promise<void> {
    const { journal, paths, log } = this.#deps
    const blocks = journal.openJobs().flatMap((job) => {
      const rentalId = lastAttempt(job)?.rentalId
      if (rentalId === undefined || !holdsRental(job)) return []
      const { phase, ssh } = journal.rental(rentalId)
      if (phase !== 'up' || ssh === null) return []
      try {
        return [hostBlock(sshAlias(job.id, job.spec.name), sshRoute({ journal, paths }, job.id))]
      } catch (thrown) {
        // One odd address must not cost the others their aliases; who asks for it is told why.
        log.warn({ error: toWireError(thrown) }, `${job.id} has no SSH alias`)
        return []
      }
    })
    await mkdir(dirname(this.file), { recursive: true, mode: 0o700 })
    await replaceFile(this.file, sshConfigText(blocks), 0o600)
  }
}

async function textOf(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((thrown: unknown) => {
    if (thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT') return ''
    throw thrown
  })
}
