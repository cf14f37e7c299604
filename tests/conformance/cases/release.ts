import { expect, it } from 'vitest'
import { receiptSchema } from '../../../preload/contract/rental.ts'
import type { Rig } from '../rig.ts'
import { failure, forever } from '../rig.ts'

/** Ending: a receipt only when it is true, and always again. */
export function releaseCases(rig: () => Rig): void {
  it('gives a receipt with evidence and the bill, and the machine is gone', async () => {
    const { rental, request } = await rig().rent()
    const receipt = await rig().receipt(rental)
    expect(receiptSchema.safeParse(receipt).error).toBeUndefined()
    expect(receipt).toMatchObject({ rentalId: request.rentalId, instanceId: rental.instanceId })
    expect(await rig().listed(rental)).toEqual([])
    expect(await rig().world.liveMachines()).toBe(0)
    if (receipt.billedMicros !== null) {
      // At most an hour more than was used: increments and minimums.
      expect(receipt.billedMicros).toBeLessThanOrEqual(request.offer.microsPerHour * 2)
    }
    if (receipt.billedFrom !== null && receipt.billedTo !== null) {
      expect(receipt.billedTo).toBeGreaterThanOrEqual(receipt.billedFrom)
    }
  })

  it('says the same again when asked again', async () => {
    const { rental } = await rig().rent()
    const first = await rig().receipt(rental)
    const second = await rig().receipt(rental)
    expect(second.billedMicros).toBe(first.billedMicros)
    expect(second.instanceId).toBe(first.instanceId)
  })

  it('describes a released machine as gone, or does not know it', async () => {
    const { rental } = await rig().rent()
    await rig().receipt(rental)
    const state = await rig()
      .session.describe(rental, forever)
      .then(
        (instance) => instance.state,
        (error: unknown) => failure(Promise.reject(error)).then(({ code }) => code),
      )
    expect(['gone', 'not-found']).toContain(state)
  })

  it('releases a machine that is still booting', async () => {
    const request = rig().request(await rig().offer())
    const { instanceId } = await rig().session.launch(request, forever)
    await rig().receipt(rig().ref(request, { instanceId }))
    expect(await rig().world.liveMachines()).toBe(0)
  })

  it('releases a machine that never boots', async (context) => {
    const request = rig().request(await rig().offer())
    await rig().misbehave(context, { kind: 'never-boots' })
    const { instanceId } = await rig().session.launch(request, forever)
    expect((await rig().receipt(rig().ref(request, { instanceId }))).instanceId).toBe(instanceId)
  })

  it('gives a receipt for a machine that ended without us', async (context) => {
    const { rental } = await rig().rent()
    await rig().misbehave(context, { kind: 'vanish', rentalId: rental.rentalId })
    expect((await rig().receipt(rental)).rentalId).toBe(rental.rentalId)
  })

  for (const when of ['before', 'after'] as const) {
    it(`can be repeated after an error ${when} its effect`, async (context) => {
      const { rental } = await rig().rent()
      await rig().misbehave(context, { kind: 'server-error', operation: 'release', when })
      expect((await failure(rig().session.release(rental, forever))).code).toBe('unavailable')
      expect((await rig().receipt(rental)).rentalId).toBe(rental.rentalId)
    })
  }

  it('gives no receipt while the list cannot be read', async (context) => {
    const { rental } = await rig().rent()
    await rig().misbehave(context, { kind: 'server-error', operation: 'list', when: 'before' })
    expect((await failure(rig().session.release(rental, forever))).code).toBe('unavailable')
  })

  it('is pending while the machine is still listed', async (context) => {
    const { rental } = await rig().rent()
    await rig().misbehave(context, { kind: 'lingering', ms: 10_000 })
    const outcome = await rig().session.release(rental, forever)
    expect(outcome.kind).toBe('pending')
    if (outcome.kind === 'pending') {
      expect(outcome.message).toMatch(/\.$/)
      expect(outcome.pollAfterMs).toBeGreaterThan(0)
    }
    await rig().receipt(rental)
    expect(await rig().listed(rental)).toEqual([])
  })

  it('is pending while the machine is still ending', async (context) => {
    const { rental } = await rig().rent()
    await rig().misbehave(context, { kind: 'slow-release', ms: 10_000 })
    expect((await rig().session.release(rental, forever)).kind).toBe('pending')
    await rig().receipt(rental)
  })

  for (const kind of ['disk', 'address', 'spot-request'] as const) {
    it(`gives no receipt before a left-over ${kind} is gone too`, async (context) => {
      const request = rig().request(await rig().offer())
      await rig().misbehave(context, { kind: `leftover-${kind}` })
      const { instanceId } = await rig().session.launch(request, forever)
      const rental = rig().ref(request, { instanceId })
      await rig().until(rental, 'running')
      const receipt = await rig().receipt(rental)
      expect(await rig().listed(rental)).toEqual([])
      expect(receipt.evidence.some(({ answered }) => answered === 'deleted')).toBe(true)
    })
  }

  it('does not believe in "unknown" before a launch could have become visible', async () => {
    const { visibleWithinMs } = rig().world.provider.capabilities
    const request = rig().request(await rig().offer())
    const unseen = rig().ref(request, { seen: false })
    if (visibleWithinMs > 0)
      expect((await rig().session.release(unseen, forever)).kind).toBe('pending')
    const old = { ...unseen, launchedAt: rig().now() - visibleWithinMs - 1 }
    const outcome = await rig().session.release(old, forever)
    expect(outcome).toMatchObject({ kind: 'receipt', receipt: { instanceId: null } })
  })

  it('releases a machine that became visible late', async (context) => {
    const request = rig().request(await rig().offer())
    await rig().misbehave(context, { kind: 'invisible', ms: 8000 })
    await rig().session.launch(request, forever)
    const unseen = rig().ref(request, { seen: false })
    expect((await failure(rig().session.describe(unseen, forever))).code).toBe('not-found')
    const receipt = await rig().receipt(unseen)
    expect(receipt.instanceId).not.toBeNull()
    expect(await rig().world.liveMachines()).toBe(0)
  })
}
