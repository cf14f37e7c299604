import { expect, it } from 'vitest'
import { allInMicrosPerHour } from '../../../main/domain/billing.ts'
import { collect } from '../../support/collect.ts'
import { newRentalId } from '../../support/rent.ts'
import type { Rig } from '../rig.ts'
import { failure, forever } from '../rig.ts'

/** Renting: once, under our name, reachable, and found again. */
export function launchCases(rig: () => Rig): void {
  it('answers a launch at once, and shows the machine running and reachable later', async () => {
    const request = rig().request(await rig().offer())
    const instance = await rig().session.launch(request, forever)
    expect(instance.rentalId).toBe(request.rentalId)
    expect(instance.instanceId).not.toBe('')
    expect(['pending', 'running']).toContain(instance.state)
    const running = await rig().until(
      rig().ref(request, { instanceId: instance.instanceId }),
      'running',
    )
    expect(running.instanceId).toBe(instance.instanceId)
    expect(running.ssh?.port).toBeGreaterThan(0)
    expect(running.microsPerHour).toBe(request.offer.microsPerHour)
    const { hostKey } = rig().world.provider.capabilities
    if (hostKey === 'published') expect(running.ssh?.hostKeys[0]).toMatch(/^(ssh|ecdsa)-\S+ AAAA/)
  })

  it('finds the machine by its name alone', async () => {
    const { rental, instance } = await rig().rent()
    const found = await rig().session.describe({ ...rental, instanceId: null }, forever)
    expect(found.instanceId).toBe(instance.instanceId)
  })

  it('rents once for one rental id, however often it is launched', async () => {
    const { request, instance } = await rig().rent()
    const again = await rig()
      .session.launch(request, forever)
      .catch(async (error: unknown) => {
        expect(await failure(Promise.reject(error))).toMatchObject({ code: 'conflict' })
        return null
      })
    if (again !== null) expect(again.instanceId).toBe(instance.instanceId)
    expect(await rig().world.liveMachines()).toBe(1)
  })

  it('rents once for two launches at the same moment', async () => {
    const request = rig().request(await rig().offer())
    const outcomes = await Promise.allSettled([
      rig().session.launch(request, forever),
      rig().session.launch(request, forever),
    ])
    expect(outcomes.some(({ status }) => status === 'fulfilled')).toBe(true)
    expect(await rig().world.liveMachines()).toBe(1)
  })

  it('lists the machine with our rental id, our home and what it costs', async () => {
    const { rental, request } = await rig().rent()
    const rows = await rig().listed(rental)
    expect(rows).toHaveLength(1)
    expect(rows[0]).toMatchObject({
      kind: 'machine',
      rentalId: request.rentalId,
      nativeId: rental.instanceId,
    })
    if (rig().world.provider.capabilities.tags === true)
      expect(rows[0]?.homeId).toBe(rig().world.context.homeId)
    // With or without its disk, whose size the provider may round up.
    const { microsPerHour } = request.offer
    expect(rows[0]?.microsPerHour).toBeGreaterThanOrEqual(microsPerHour)
    expect(rows[0]?.microsPerHour).toBeLessThanOrEqual(allInMicrosPerHour(request.offer) * 1.01)
  })

  it('rents spot where it says it can', async (context) => {
    if (rig().world.provider.capabilities.spot !== true) context.skip('No spot machines here.')
    const { request } = await rig().rent({}, true)
    expect(request.offer.spot).toBe(true)
  })

  it('knows nothing of a rental that never was', async () => {
    const request = rig().request(await rig().offer(), { rentalId: newRentalId() })
    expect((await failure(rig().session.describe(rig().ref(request), forever))).code).toBe(
      'not-found',
    )
    expect(await rig().listed(rig().ref(request))).toEqual([])
  })

  it('launches nothing when told to stop before it begins', async () => {
    const request = rig().request(await rig().offer())
    expect((await failure(rig().session.launch(request, AbortSignal.abort()))).code).toBe(
      'cancelled',
    )
    expect(await rig().world.liveMachines()).toBe(0)
  })

  it('reports a machine that fails to boot as failed, with a sentence', async (context) => {
    const request = rig().request(await rig().offer())
    await rig().misbehave(context, { kind: 'boot-fails' })
    const { instanceId } = await rig().session.launch(request, forever)
    const failed = await rig().until(rig().ref(request, { instanceId }), 'failed')
    expect(failed.message).toMatch(/\.$/)
  })

  it('shows a machine that is about to be taken back, and that it is gone', async (context) => {
    const { rental } = await rig().rent({}, rig().world.provider.capabilities.spot === true)
    await rig().misbehave(context, { kind: 'reclaim', rentalId: rental.rentalId, noticeMs: 10_000 })
    const noticed = await rig().session.describe(rental, forever)
    expect(noticed.reclaimAt).toBeGreaterThan(rig().now() - 10_000)
    await rig().until(rental, 'gone')
    expect(
      (await collect(rig().session.list(forever))).map(({ rentalId }) => rentalId),
    ).not.toContain(rental.rentalId)
  })
}
