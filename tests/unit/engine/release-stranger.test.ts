import { expect, it } from 'vitest'
import type { Billable } from '../../../preload/contract/rental.ts'
import { silentLogger } from '../../../main/domain/logger.ts'
import { judge } from '../../../main/domain/radar/judge.ts'
import { releaseStranger } from '../../../main/engine/services/release-stranger.ts'
import type { BillableRef, ProviderSession } from '../../../main/providers/provider.ts'
import { steppingClock } from '../../support/stepping-clock.ts'

const { signal } = new AbortController()
const onCloud: Billable = {
  kind: 'machine',
  providerId: 'cloud',
  accountId: 'lab',
  nativeId: '1047',
  name: 'jupyter-box',
  rentalId: null,
  homeId: null,
  state: 'running',
  region: 'north',
  microsPerHour: null,
  createdAt: null,
}

/** A cloud that numbers each kind of thing for itself, as DigitalOcean's and others do. */
function cloud() {
  const there = [onCloud, { ...onCloud, kind: 'disk' as const, name: 'thesis-data' }]
  const ended: BillableRef[] = []
  const session = {
    list: async function* () {
      yield* there
    },
    releaseBillable: async (target: BillableRef) => {
      ended.push(target)
      return { kind: 'gone' as const, evidence: [] }
    },
  }
  const provider = { name: 'Cloud', releasesAnything: true, hasOwnPage: false }
  const parts = {
    accounts: { get: () => ({ id: 'lab' }) },
    providers: { session: async () => session as unknown as ProviderSession },
    clientEnvironment: { learn: () => undefined },
    clock: steppingClock(0),
    radar: { judge: (one: Billable) => judge(one, { homeId: 'home', rental: null, provider }) },
    log: silentLogger,
  } as unknown as Parameters<typeof releaseStranger>[0]
  const release = (kind: Billable['kind'], typedName: string) =>
    releaseStranger(
      parts,
      { accountId: 'lab', kind, nativeId: '1047', typedName, environment: {} },
      signal,
    )
  return { release, ended }
}

it('ends the disk and not the machine of the same id', async () => {
  const { release, ended } = cloud()
  expect(await release('disk', 'thesis-data')).toMatchObject({ gone: true })
  expect(ended).toMatchObject([{ kind: 'disk', nativeId: '1047', name: 'thesis-data' }])
})

it('asks for the name of what was meant, and takes a kind that is not there for gone', async () => {
  const { release, ended } = cloud()
  await expect(release('disk', 'jupyter-box')).rejects.toMatchObject({
    code: 'confirmation-needed',
    message: 'Type its name, thesis-data, to release it.',
  })
  expect(await release('address', '1047')).toMatchObject({ gone: true, evidence: [] })
  expect(ended).toEqual([])
})
