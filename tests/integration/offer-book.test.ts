import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import type { Contract } from '../../preload/contract/contract.ts'
import type { OfferBookState } from '../../preload/contract/offer-view.ts'
import { connectEngine } from '../../main/engine/connect.ts'
import { subletVersion } from '../../main/engine/version.ts'
import type { Client } from '../../main/rpc/client/client.ts'
import { testUser, type TestUser } from '../support/cli.ts'
import { eventually } from '../support/eventually.ts'

const environment = {}
const cheap = { filter: {}, sort: { column: 'perHour', descending: false }, count: 20 } as const
const waitMs = 60_000

describe('the offer book of a real engine', () => {
  let user: TestUser
  let client: Client<Contract>
  let state: OfferBookState
  const source = () => state.sources.find(({ accountId }) => accountId === 'sandbox')
  const until = (check: () => boolean, what: string) =>
    eventually(check, { timeoutMs: waitMs, what })

  beforeAll(async () => {
    user = await testUser()
    await user.sandbox.offerCount(5_000)
    client = await connectEngine({
      home: user.home,
      clientVersion: subletVersion(),
      role: 'test',
      startIfAbsent: true,
    })
    const stream = await client.api.offers.watch({ environment })
    state = stream.snapshot
    void (async () => {
      for await (const next of stream.events) state = next
    })().catch(() => undefined) // The connection ends with the test.
    await until(() => source()?.state === 'ok', 'the first reading')
  }, waitMs)

  afterAll(async () => {
    client.close()
    await user.stop()
  }, waitMs)

  it('reads all offers of the sandbox and answers blocks of a frozen view', async () => {
    expect(state).toMatchObject({ total: 5_000, revision: 1 })
    const view = await client.api.offers.view(cheap)
    expect(view).toMatchObject({ matching: 5_000, revision: 1 })
    const { rows } = await client.api.offers.rows({ viewId: view.viewId, from: 4_990, count: 100 })
    expect(rows).toHaveLength(10)
    expect(rows[0]).toMatchObject({ stopsByItself: true, favourite: false, finishMicros: null })
    await expect(
      client.api.offers.rows({ viewId: 'another', from: 0, count: 1 }),
    ).rejects.toMatchObject({ code: 'not-found' })
  })

  it('tells of new prices and of rows that nobody can believe', async () => {
    await user.sandbox.post('prices', {
      type: 't4-1',
      region: 'us-east',
      spot: false,
      microsPerHour: 0,
    })
    await client.api.offers.refresh({ environment })
    await until(() => state.revision === 2 && source()?.reading === false, 'another revision')
    // With the on-demand price gone, spot of the same machine has nothing to be measured by.
    expect(source()).toMatchObject({ dropped: 1, count: 4_999 })
    expect(source()?.sentence).toContain('1 price row left out as not believable')
  })

  it('keeps favourites, and what it has read when a source fails', async () => {
    const [first] = (await client.api.offers.view(cheap)).rows
    const offerId = first?.offer.id ?? ''
    await client.api.offers.setFavourite({ offerId, favourite: true })
    const marked = await client.api.offers.view({ ...cheap, filter: { favourites: true } })
    expect(marked.rows.map(({ offer }) => offer.id)).toEqual([offerId])
    await user.sandbox.fault({ kind: 'latency', ms: 300 }, { operation: 'offers' })
    await user.sandbox.fault({ kind: 'permission' }, { operation: 'offers' })
    await client.api.offers.refresh({ accountId: 'sandbox', environment })
    await until(() => source()?.state === 'stale', 'the failure')
    expect(source()).toMatchObject({ count: 4_999, reading: false })
    expect(source()?.sentence).toContain('denies')
    expect((await client.api.offers.view(cheap)).matching).toBe(4_999)
  })

  it(
    'reckons what finishing a job costs on each offer',
    async () => {
      const jobId = await user.submit(['--provider', 'sandbox', '--gpu', 'T4', '--command', 'true'])
      const view = await client.api.offers.view({
        ...cheap,
        forJob: jobId,
        sort: { column: 'finish', descending: false },
      })
      const costs = view.rows.map(({ finishMicros }) => finishMicros ?? Number.NaN)
      expect(costs).toEqual(costs.toSorted((a, b) => a - b))
      expect(new Set(view.rows.map(({ offer }) => offer.gpu?.name))).toEqual(new Set(['T4']))
      const dear = await client.api.offers.view({
        ...cheap,
        forJob: jobId,
        filter: { text: 'h100' },
      })
      expect(dear.rows[0]).toMatchObject({ finishMicros: null, misfit: 'other GPU' })
      await user.untilState('done')
    },
    waitMs,
  )
})
