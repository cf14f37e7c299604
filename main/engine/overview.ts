import type { MachineAtWork, Overview } from '../../preload/contract/overview.ts'
import { formatTime } from '../domain/format.ts'
import { machineWords } from '../domain/machine-words.ts'
import { releaseState } from '../domain/rental/release-state.ts'
import type { RentalRecord } from '../domain/rental/record.ts'
import { jobChanges } from '../jobs/changes.ts'
import type { StreamAnswer } from '../rpc/handlers.ts'
import { monthBudgetMicros } from './budget-figures.ts'
import type { ServiceParts } from './services/context.ts'
import { spendNow } from './spend-figures.ts'

/** While money burns the figures move by themselves; otherwise settings and budgets may change. */
const burningRealMs = 1_000
const calmRealMs = 3_000
/** However much happens: a few times a second is as often as anybody can read. */
const pauseRealMs = 250

/** Money, machines and notices as of now. */
export function overviewOf(parts: ServiceParts): Overview {
  const { journal, clock, vault, registry } = parts
  const { real, simulated, month, zone } = spendNow(parts)
  return {
    at: clock.now(),
    spend: real,
    practice: simulated,
    month,
    reportingZone: zone,
    monthBudgetMicros: monthBudgetMicros(parts),
    machines: journal
      .openRentals()
      .filter((rental) => rental.launchIssuedAt !== null)
      .map((rental) =>
        machineOf(rental, registry.about(rental.offer.providerId).name, clock.now()),
      ),
    activeJobs: journal.openJobs().length,
    keychain: vault.state,
    radar: parts.radar.summary(),
    notices: [...parts.notices.current(parts)],
  }
}

/** The overview now, on every change of a job, and as time passes; until the client leaves. */
export async function watchOverview(
  parts: ServiceParts,
  signal: AbortSignal,
): Promise<StreamAnswer<Overview, Overview>> {
  const left = new AbortController()
  const until = AbortSignal.any([signal, left.signal])
  const changes = jobChanges(parts, until)
  const first = changes.next()
  const snapshot = overviewOf(parts)
  return { snapshot, events: later(parts, snapshot, first, changes, left, until) }
}

async function* later(
  parts: ServiceParts,
  snapshot: Overview,
  first: Promise<IteratorResult<unknown>>,
  changes: AsyncGenerator,
  left: AbortController,
  until: AbortSignal,
): AsyncGenerator<Overview> {
  const { clock } = parts
  let said = snapshot
  let change = first
  try {
    while (!until.aborted) {
      const realMs = said.machines.length > 0 ? burningRealMs : calmRealMs
      const rest = clock.sleep(realMs / clock.realMs(1), until).then(
        () => 'time' as const,
        () => 'left' as const,
      )
      const woken = await Promise.race([change.then(() => 'change' as const), rest])
      if (until.aborted) return
      if (woken === 'change') change = changes.next()
      const overview = overviewOf(parts)
      if (sameButTime(said, overview)) continue
      said = overview
      yield overview
      await clock.sleep(pauseRealMs / clock.realMs(1), until).catch(() => undefined) // Left.
    }
  } finally {
    left.abort()
  }
}

function sameButTime(one: Overview, other: Overview): boolean {
  return JSON.stringify({ ...one, at: 0 }) === JSON.stringify({ ...other, at: 0 })
}

function machineOf(rental: RentalRecord, provider: string, now: number): MachineAtWork {
  const { offer, verdict } = rental
  const allocation = rental.allocations.findLast(({ to }) => to === null)
  return {
    rentalId: rental.id,
    machine: machineWords(offer, provider),
    jobId: allocation?.jobId ?? null,
    jobName: allocation?.jobName ?? null,
    microsPerHour: offer.microsPerHour,
    simulated: offer.simulated,
    stopsByItself: verdict?.stopsByItself ?? null,
    endsAt: verdict?.endsAt ?? null,
    because: rental.pendingSentence ?? rental.releaseBecause ?? whyOf(rental, now),
    release: releaseState(rental, now),
  }
}

function whyOf({ verdict, endBy }: RentalRecord, now: number): string {
  if (verdict === null) return `Being set up; it ends at ${formatTime(endBy, { near: now })}.`
  const missing = verdict.levels.filter(({ holds, level }) => !holds && level !== 'client')
  return missing.map(({ because }) => because).join(' ')
}
