import { expect, it } from 'vitest'
import type { TestContext } from 'vitest'
import type { ProviderSession } from '../../../main/providers/provider.ts'
import { eventually } from '../../support/eventually.ts'
import type { Rig } from '../rig.ts'
import { forever } from '../rig.ts'

/** The provider's own expiry, where it is real: set, read back, kept. */
export function timeCases(rig: () => Rig): void {
  const expiryOf = (context: TestContext): NonNullable<ProviderSession['expiry']> => {
    const { expiry } = rig().session
    return expiry ?? context.skip('This provider has no expiry of its own.')
  }

  it("takes the launch's end as the expiry", async (context) => {
    const expiry = expiryOf(context)
    const { rental, request } = await rig().rent()
    const read = await expiry.read(rental, forever)
    // Providers count in seconds or minutes; later than wished by more would be a broken promise.
    expect(Math.abs(Number(read) - request.endBy)).toBeLessThanOrEqual(60_000)
  })

  it('reads back an expiry that was set', async (context) => {
    const expiry = expiryOf(context)
    const { rental } = await rig().rent()
    const endBy = rig().now() + 7_200_000
    await expiry.set(rental, endBy, forever)
    expect(Math.abs(Number(await expiry.read(rental, forever)) - endBy)).toBeLessThanOrEqual(60_000)
  })

  it('ends the machine at its expiry by itself, and gives the receipt for it', async (context) => {
    const expiry = expiryOf(context)
    const { rental } = await rig().rent()
    const endBy = rig().now() + 5000
    await expiry.set(rental, endBy, forever)
    await rig().until(rental, 'gone')
    expect(rig().now()).toBeGreaterThanOrEqual(endBy)
    await eventually(async () => (await rig().world.liveMachines()) === 0, {
      what: 'the machine to end',
    })
    const receipt = await rig().receipt(rental)
    expect(receipt.instanceId).toBe(rental.instanceId)
  })
}
