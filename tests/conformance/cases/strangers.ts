import { expect, it, type TestContext } from 'vitest'
import { collect } from '../../support/collect.ts'
import { eventually } from '../../support/eventually.ts'
import { newRentalId } from '../../support/rent.ts'
import type { Rig } from '../rig.ts'
import { forever } from '../rig.ts'
import type { Planted } from '../subject.ts'

/** What is listed and is no rental of this home: seen, left alone, and ended only by its own id. */
export function strangerCases(rig: () => Rig): void {
  const plant = async (context: TestContext, what: Planted): Promise<string> => {
    const id = await rig().world.plant(what)
    return id ?? context.skip(`This world cannot plant a ${what.kind}.`)
  }
  const listed = async (id: string) =>
    (await collect(rig().session.list(forever))).find(({ nativeId }) => nativeId === id)
  const end = async (id: string): Promise<void> => {
    const target = await listed(id)
    const { releaseBillable } = rig().session
    if (target === undefined || releaseBillable === undefined) return
    await eventually(
      async () =>
        (await rig().session.releaseBillable?.(target, forever))?.kind === 'gone' ? true : null,
      { timeoutMs: 20_000, what: 'it to be gone' },
    )
  }

  for (const kind of ['machine', 'disk', 'address', 'spot-request'] as const) {
    it(`lists a ${kind} of nobody’s, and ends it by its id where it can`, async (context) => {
      const id = await plant(context, { kind, name: `a-${kind}` })
      const row = await listed(id)
      expect(row).toMatchObject({ kind, rentalId: null })
      // Where the cloud has no name for such a thing, its id is shown.
      expect([`a-${kind}`, id]).toContain(row?.name)
      const can = rig().world.provider.capabilities.releaseBillable === true
      expect(rig().session.releaseBillable !== undefined).toBe(can)
      if (!can) context.skip('This provider ends nothing by its id alone.')
      await end(id)
      expect(await listed(id)).toBeUndefined()
      // Asked again it says the same: somebody may have ended it meanwhile.
      const target = { kind, nativeId: id, name: '', region: '' }
      expect((await rig().session.releaseBillable?.(target, forever))?.kind).toBe('gone')
    })
  }

  it('leaves a copy alone that carries the name of a released machine', async (context) => {
    const { rental, request } = await rig().rent()
    const copy = await plant(context, { kind: 'copy', of: request })
    const other = await plant(context, { kind: 'machine', name: newRentalId() })
    const receipt = await rig().receipt(rental)
    expect(receipt.instanceId).toBe(rental.instanceId)
    expect(await listed(copy)).toMatchObject({ nativeId: copy, rentalId: request.rentalId })
    expect(await listed(other)).toMatchObject({ nativeId: other })
    await end(copy)
    await end(other)
  })
}
