import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Receipt } from '../../../preload/contract/rental.ts'
import { SubletError } from '../../../main/domain/errors.ts'
import { reportingZone, type ReportingZone } from '../../../main/domain/reporting-day.ts'
import { LedgerBooks } from '../../../main/jobs/ledger-books.ts'
import { Ledger } from '../../../main/ledger/ledger.ts'
import { silentLogger } from '../../../main/domain/logger.ts'
import type { RentalRecord } from '../../../main/domain/rental/record.ts'
import { releaseState } from '../../../main/domain/rental/release-state.ts'
import { Journal } from '../../../main/jobs/journal/journal.ts'
import { Keeper } from '../../../main/jobs/keeper.ts'
import { Wake } from '../../../main/jobs/wake.ts'
import type {
  ProviderSession,
  ReleaseOutcome,
  RentalRef,
} from '../../../main/providers/provider.ts'
import type { Database } from '../../../main/store/database.ts'
import { openDatabase } from '../../../main/store/open.ts'
import { eventually } from '../../support/eventually.ts'
import { micros, now } from '../../support/fake-facts.ts'
import { attemptStarted, submitted } from '../../support/job-events.ts'
import { steppingClock } from '../../support/stepping-clock.ts'
import { intended } from '../../support/rental-events.ts'

const jobId = 'job-01k9zzzzzzzzzzzzzzzzzzzzzz'
const rentalId = 'sublet-01k9zzzzzzzzzzzzzzzzzzzzzz'
const receipt: Receipt = {
  rentalId,
  providerId: 'sandbox',
  accountId: 'sandbox',
  instanceId: 'i-1',
  confirmedAt: now,
  billedFrom: now,
  billedTo: now,
  billedMicros: micros(1),
  evidence: [{ asked: 'DELETE /i-1', answered: '404', at: now }],
}

let folder: string
let database: Database
let journal: Journal
let keeper: Keeper
let leaving: AbortController
let settled: string[]
let asked: RentalRef[]
let answers: (() => ReleaseOutcome)[]
/** Takes place when a machine with a receipt is forgotten here. */
let onForget: () => void
let onSettle: (rental: RentalRecord) => void

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sublet-keeper-'))
  database = openDatabase(join(folder, 'sublet.db'))
  const clock = steppingClock(now)
  journal = new Journal(database, clock)
  const wake = new Wake(clock)
  journal.onChange(({ jobs, rentals }) => [...jobs, ...rentals].forEach((id) => wake.notify(id)))
  leaving = new AbortController()
  settled = []
  answers = []
  onForget = () => undefined
  onSettle = ({ id }) => settled.push(id)
  asked = []
  const release = async (rental: RentalRef): Promise<ReleaseOutcome> => {
    asked.push(rental)
    const answer = answers.shift()
    return answer === undefined ? { kind: 'receipt', receipt } : answer()
  }
  const unused = (): never => {
    throw new Error('A keeper does not use it.')
  }
  const session = { release } as Pick<ProviderSession, 'release'> as ProviderSession
  keeper = new Keeper({
    clock,
    journal,
    wake,
    providers: {
      session: async () => session,
      about: unused,
      accountName: (id) => id,
      capabilities: unused,
      clientLevel: unused,
      offers: unused,
    },
    machines: {
      publicKey: unused,
      injectedHostKey: unused,
      renewHostKey: unused,
      connect: unused,
      fingerprint: unused,
      drop: () => undefined,
      forget: async () => onForget(),
    },
    books: { settle: (rental) => onSettle(rental), costMicros: () => 0 },
    log: silentLogger,
  })
})
afterEach(async () => {
  leaving.abort()
  await keeper.settled()
  database.close()
  rmSync(folder, { recursive: true, force: true })
})

function rent(endBy = now + 10 * 3_600_000): void {
  journal.append({
    rental: rentalId,
    event: intended(endBy),
  })
}

function holdByJob(): void {
  journal.append(
    { job: jobId, event: submitted },
    { job: jobId, event: { kind: 'inputs-frozen', bytes: 0, files: 0, warnings: [] } },
    { job: jobId, event: attemptStarted('a1') },
  )
}

const phase = (): string => journal.rental(rentalId).phase
const released = (): Promise<boolean> => eventually(() => phase() === 'released')

describe('the keeper', () => {
  it('gives back a rental that no job needs, and books it before it closes it', async () => {
    rent()
    keeper.start(leaving.signal)
    await released()
    expect(settled).toEqual([rentalId])
    expect(journal.rental(rentalId).releaseBecause).toBe('No job needs it.')
  })

  it('books it and closes it at once: no kill in between leaves its money counted twice', async () => {
    rent()
    const ledger = new Ledger(database)
    const zone = (): ReportingZone => reportingZone('UTC')
    const books = new LedgerBooks(ledger, steppingClock(now), zone, () => [])
    // What another connection reads is what an engine would find that was begun after a kill here.
    const other = openDatabase(join(folder, 'sublet.db'))
    const seen: string[] = []
    const look = (): void => {
      const open = new Journal(other, steppingClock(now)).openRentals()
      seen.push(`${open.length} open, ${new Ledger(other).list().length} booked`)
    }
    onSettle = (rental) => {
      books.settle(rental)
      look()
    }
    onForget = look
    keeper.start(leaving.signal)
    await released()
    await eventually(() => seen.length === 2)
    other.close()
    expect(seen).toEqual(['1 open, 0 booked', '0 open, 1 booked'])
  })

  it('takes up a machine that is listed again before its first release is wound up', async () => {
    rent()
    onForget = () => {
      onForget = () => undefined
      const because = 'It is listed again.'
      journal.append({
        rental: rentalId,
        event: { kind: 'reappeared', because, instanceId: 'i-1' },
      })
    }
    keeper.start(leaving.signal)
    await eventually(() => settled.length === 2 && phase() === 'released')
  })

  it('asks for ever until there is a receipt, whatever the provider answers meanwhile', async () => {
    rent()
    const fails = (): never => {
      throw new SubletError('unavailable', 'The provider is down.')
    }
    const forbidden = (): never => {
      throw new SubletError('auth', 'The key was revoked.')
    }
    const pending = (): ReleaseOutcome => ({
      kind: 'pending',
      message: 'Going',
      pollAfterMs: 1_000,
    })
    answers = [...Array.from({ length: 40 }, () => fails), forbidden, pending, pending]
    keeper.start(leaving.signal)
    await released()
    expect(answers).toEqual([])
  })

  it('says since when and why a release fails, over a restart and a clock that jumps', async () => {
    rent()
    const refuses = (): never => {
      throw new SubletError('auth', 'The key was revoked.')
    }
    answers = Array.from({ length: 5 }, () => refuses)
    const said: ReturnType<typeof releaseState>[] = []
    journal.onChange(() => {
      // As the next engine would read it.
      const next = new Journal(database, steppingClock(0)).rental(rentalId)
      if (next.releaseFailure !== null) said.push(releaseState(next, now))
    })
    keeper.start(leaving.signal)
    await released()
    const [before] = said
    expect(before).toMatchObject({
      red: true,
      sentence: expect.stringMatching(/^The key was revoked\. Give the account a working key/),
    })
    // Whatever clock the next engine has, backwards or years ahead: what is released stays so.
    for (const at of [0, now + 10 * 365 * 24 * 3_600_000]) {
      const later = new Journal(database, steppingClock(at))
      expect(later.openRentals()).toEqual([])
      expect(later.rental(rentalId).releasingSince).toBe(before?.since)
    }
  })

  it('goes on with a release when the clock was set back since it began', async () => {
    rent()
    journal.append({ rental: rentalId, event: { kind: 'release-intended', because: 'Before.' } })
    const past = new Journal(database, steppingClock(now - 24 * 3_600_000))
    expect(releaseState(past.rental(rentalId), now - 24 * 3_600_000)?.since).toBeGreaterThan(0)
    keeper.start(leaving.signal)
    await released()
  })

  it('leaves a rental alone that a job holds, until the lease is over', async () => {
    rent(now + 2 * 3_600_000)
    holdByJob()
    keeper.start(leaving.signal)
    await eventually(() => phase() === 'released', { timeoutMs: 20_000 })
    expect(journal.rental(rentalId).releaseBecause).toBe('The lease is over.')
  })

  it('keeps a warm rental until its time, then gives it back', async () => {
    rent()
    journal.append(
      { rental: rentalId, event: { kind: 'launch-issued' } },
      {
        rental: rentalId,
        event: { kind: 'launched', instanceId: 'i-1', billedFrom: null, gpuIndices: null },
      },
      { rental: rentalId, event: { kind: 'kept-warm', until: now + 600_000 } },
    )
    keeper.start(leaving.signal)
    await released()
    expect(journal.rental(rentalId).releaseBecause).toBe('Nobody used it while it was warm.')
  })

  it('takes up a release that an earlier engine began', async () => {
    rent()
    journal.append({ rental: rentalId, event: { kind: 'release-intended', because: 'Before.' } })
    keeper.start(leaving.signal)
    await released()
    expect(journal.openRentals()).toEqual([])
  })

  it('remembers the machine that a release has found by its name, for the calls to come', async () => {
    rent()
    const pending = (): ReleaseOutcome => ({
      kind: 'pending',
      message: 'Going',
      pollAfterMs: 1_000,
      instanceId: 'i-found',
    })
    answers = [pending, pending]
    keeper.start(leaving.signal)
    await released()
    expect(asked.map(({ instanceId }) => instanceId)).toEqual([null, 'i-found', 'i-found'])
  })

  it('takes up rentals that appear while it runs', async () => {
    keeper.start(leaving.signal)
    rent()
    await released()
  })
})
