import { describe, expect, it } from 'vitest'
import type { Billable } from '../../../preload/contract/rental.ts'
import { SubletError } from '../../../main/domain/errors.ts'
import type { RentalRef } from '../../../main/providers/provider.ts'
import { releaseRental, type ReleaseParts } from '../../../main/providers/release-rental.ts'
import { newRentalId } from '../../support/rent.ts'
import { steppingClock } from '../../support/stepping-clock.ts'

const rentalId = newRentalId()
const rental: RentalRef = { rentalId, instanceId: 'i-1', launchedAt: 0, seen: true, region: 'r' }

function row(change: Partial<Billable>): Billable {
  return {
    kind: 'machine',
    providerId: 'p',
    accountId: 'a',
    nativeId: 'i-1',
    name: rentalId,
    rentalId,
    homeId: 'home',
    state: 'running',
    region: 'r',
    microsPerHour: null,
    createdAt: null,
    ...change,
  }
}

/** A cloud of these rows, where what is ended is gone. */
function cloud(rows: Billable[], change: Partial<ReleaseParts> = {}) {
  const ended: string[] = []
  const parts: ReleaseParts = {
    account: { id: 'a', providerId: 'p', name: 'a', credentials: {}, settings: {} },
    clock: steppingClock(1_000_000),
    name: 'The cloud',
    visibleWithinMs: 60_000,
    pollAfterMs: 1_000,
    listing: 'GET /rows',
    list: async function* () {
      yield* rows.filter(({ nativeId }) => !ended.includes(nativeId))
    },
    isEnding: () => false,
    end: async ({ nativeId }) => {
      ended.push(nativeId)
      return { asked: `DELETE ${nativeId}`, answered: 'deleted' }
    },
    ...change,
  }
  return { parts, ended }
}

describe('releasing a rental', () => {
  it('ends a known machine though the list cannot be read, and says that it cannot', async () => {
    const list = (): AsyncIterable<Billable> => {
      throw new SubletError('unavailable', 'An odd row.')
    }
    const { parts, ended } = cloud([], { list })
    await expect(releaseRental(parts, rental)).rejects.toMatchObject({ code: 'unavailable' })
    expect(ended).toEqual(['i-1'])
  })

  it('ends a known machine that one list does not show, before it takes it for gone', async () => {
    const { parts, ended } = cloud([])
    const outcome = await releaseRental(parts, rental)
    expect(ended).toEqual(['i-1'])
    expect(outcome).toMatchObject({ kind: 'receipt', receipt: { instanceId: 'i-1' } })
  })

  it('ends what was made for the machine, and nothing that the user has attached to it', async () => {
    const { parts, ended } = cloud([
      row({}),
      row({ kind: 'disk', nativeId: 'made', belongsTo: 'i-1' }),
      row({ kind: 'disk', nativeId: 'users', belongsTo: 'i-1', name: 'data', rentalId: null }),
      row({ kind: 'address', nativeId: 'fixed', belongsTo: 'i-1', name: 'www', rentalId: null }),
      row({ nativeId: 'copy' }),
    ])
    expect((await releaseRental(parts, rental)).kind).toBe('receipt')
    expect(ended).toEqual(['i-1', 'made'])
  })

  it('gives the receipt where something free cannot be removed, and says what is left', async () => {
    const cleanUp = async (): Promise<void> => {
      throw new SubletError('permission', 'The key may not remove keys.')
    }
    const { parts } = cloud([row({})], { cleanUp })
    const outcome = await releaseRental(parts, rental)
    expect(JSON.stringify(outcome)).toContain('left: The key may not remove keys.')
    const busy = cloud([row({})], {
      cleanUp: async () => {
        throw new SubletError('unavailable', 'Later.')
      },
    })
    await expect(releaseRental(busy.parts, rental)).rejects.toMatchObject({ code: 'unavailable' })
  })
})
