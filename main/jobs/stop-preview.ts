import type { StopPreview } from '../../preload/contract/job-actions.ts'
import type { Clock } from '../domain/clock.ts'
import { toWireError } from '../domain/errors.ts'
import { cost } from '../domain/billing.ts'
import { collectionOf } from '../domain/collection.ts'
import type { Logger } from '../domain/logger.ts'
import { lastAttempt, type JobRecord } from '../domain/job/record.ts'
import { holdsRental } from '../domain/job/holds-rental.ts'
import { micros } from '../domain/money.ts'
import type { RentalRecord } from '../domain/rental/record.ts'
import { MirrorState } from '../transfer/mirror-state.ts'
import { listRemote } from '../transfer/remote-list.ts'
import type { HomePaths } from './home-paths.ts'
import type { Journal } from './journal/journal.ts'
import type { HomeLink, RentalMachines } from './ports.ts'
import { remotePaths } from './remote-paths.ts'
import { billedFromOf } from './when-to-stop.ts'

export interface StopPreviewDeps {
  readonly clock: Clock
  readonly journal: Journal
  readonly machines: RentalMachines
  readonly paths: HomePaths
  readonly homeLink: Pick<HomeLink, 'speeds'>
  readonly log: Logger
}

/** The provider's own time to end a machine, and a few seconds around it. */
const releaseMs = 10_000
/** The user has a menu open: a machine that takes longer is not waited for. Physical time. */
const patienceRealMs = 4_000

/**
 * What stopping would bring and take. Asks the machine how much of its output folder is not home
 * yet; one that does not answer in time leaves that open.
 */
export async function stopPreview(
  deps: StopPreviewDeps,
  jobId: string,
  signal: AbortSignal,
): Promise<StopPreview> {
  const { journal, clock, log } = deps
  const job = journal.job(jobId)
  const attempt = holdsRental(job) ? lastAttempt(job) : null
  const rental = attempt === null ? null : journal.rental(attempt.rentalId)
  const hasRun = attempt?.startedAt != null && rental?.phase === 'up'
  const left =
    hasRun && attempt !== null
      ? await notHome(deps, job, attempt.id, rental, patient(signal)).catch((thrown: unknown) => {
          signal.throwIfAborted()
          log.info({ error: toWireError(thrown) }, `${jobId}: not known what is not home yet`)
          return null
        })
      : null
  const graceMs = job.state === 'running' ? job.spec.limits.graceMs : 0
  const discardMs = releaseMs
  const collectMs =
    hasRun && rental !== null ? releaseMs + travelMs(deps, rental, left?.bytes ?? 0) : discardMs
  const billedFrom = attempt === null || rental === null ? null : billedFromOf(attempt, rental)
  const now = clock.now()
  const price = (ms: number): number =>
    rental === null || billedFrom === null ? 0 : more(rental, billedFrom, now, ms, left?.bytes ?? 0)
  return {
    bytes: left?.bytes ?? null,
    files: left?.files ?? null,
    collectMs,
    collectMicros: micros(price(collectMs + graceMs)),
    discardMs,
    discardMicros: micros(price(discardMs)),
    graceMs,
  }
}

/** At the speed of the line, as far as it was measured. */
function travelMs({ homeLink }: StopPreviewDeps, { offer }: RentalRecord, bytes: number): number {
  const bytesPerSecond = homeLink.speeds.bytesPerSecond(offer)
  return collectionOf(offer, { bytes, sizeFrom: 'machine', bytesPerSecond }).ms
}

function patient(signal: AbortSignal): AbortSignal {
  return AbortSignal.any([signal, AbortSignal.timeout(patienceRealMs)])
}

/** What the bill grows by until then. */
function more(
  { offer, egressBytes }: RentalRecord,
  billedFrom: number,
  now: number,
  ms: number,
  bytes: number,
): number {
  const { billing, microsPerHour, diskGiB } = offer
  const until = (at: number, out: number): number =>
    cost(billing, microsPerHour, diskGiB, out, billedFrom, at).totalMicros
  return Math.max(0, until(now + ms, egressBytes + bytes) - until(now, egressBytes))
}

async function notHome(
  { machines, paths }: StopPreviewDeps,
  job: JobRecord,
  attemptId: string,
  rental: RentalRecord,
  signal: AbortSignal,
): Promise<{ readonly bytes: number; readonly files: number }> {
  const machine = await machines.connect(rental, signal)
  const { output } = remotePaths(machine.home, rental.id, attemptId, job.spec)
  const { entries } = await listRemote(machine, output, { signal })
  const state = await MirrorState.open(paths.mirrorState(job.spec.outputDir))
  let bytes = 0
  let files = 0
  for (const entry of entries.values()) {
    if (entry.kind !== 'file') continue
    const home = state.get(entry.path)
    const same =
      home?.remoteSize === entry.size &&
      home.remoteMtimeS === entry.mtimeS &&
      home.remoteCtimeS === entry.ctimeS
    if (same) continue
    bytes += entry.size
    files += 1
  }
  return { bytes, files }
}
