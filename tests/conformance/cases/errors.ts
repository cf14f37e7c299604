import { expect, it } from 'vitest'
import type { ErrorCode } from '../../../preload/contract/errors.ts'
import type { Rig } from '../rig.ts'
import { failure, forever } from '../rig.ts'

/** Every failure has the code that says what to do, and an unknown effect can be settled. */
export function errorCases(rig: () => Rig): void {
  const refusals: readonly (readonly ['no-capacity' | 'quota', ErrorCode])[] = [
    ['no-capacity', 'no-capacity'],
    ['quota', 'quota'],
  ]
  for (const [kind, code] of refusals) {
    it(`answers ${kind} when that is why, and rents nothing`, async (context) => {
      const request = rig().request(await rig().offer())
      await rig().misbehave(context, { kind, operation: 'launch' })
      const error = await failure(rig().session.launch(request, forever))
      expect(error.code).toBe(code)
      expect(error.message).toMatch(/\.$/)
      expect(await rig().world.liveMachines()).toBe(0)
    })
  }

  it('refuses to rent above the given price', async () => {
    const offer = await rig().offer()
    const request = rig().request(offer, { maxMicrosPerHour: offer.microsPerHour - 1 })
    expect((await failure(rig().session.launch(request, forever))).code).toBe('price-moved')
    expect(await rig().world.liveMachines()).toBe(0)
  })

  it('says when to ask again where the provider says so', async (context) => {
    await rig().misbehave(context, { kind: 'rate-limit', operation: 'list', retryAfterMs: 3000 })
    const error = await failure(rig().listed(rig().ref(rig().request(await rig().offer()))))
    expect(error).toMatchObject({ code: 'rate-limited', extras: { retryAfterMs: 3000 } })
  })

  it('says rate-limited also where the provider gives no time', async (context) => {
    await rig().misbehave(context, { kind: 'rate-limit', operation: 'list', retryAfterMs: null })
    const error = await failure(rig().listed(rig().ref(rig().request(await rig().offer()))))
    expect(error.code).toBe('rate-limited')
  })

  for (const kind of ['server-error', 'no-answer', 'disconnect'] as const) {
    for (const when of ['before', 'after'] as const) {
      it(`settles a launch that ended in ${kind} ${when} its effect: one machine`, async (context) => {
        const request = rig().request(await rig().offer())
        await rig().misbehave(context, { kind, operation: 'launch', when })
        expect((await failure(rig().session.launch(request, forever))).code).toBe('unavailable')
        expect(await rig().world.liveMachines()).toBe(when === 'after' ? 1 : 0)
        const { launchKey } = rig().world.provider.capabilities
        const settle = async (): Promise<string> =>
          launchKey === 'token' || when === 'before'
            ? (await rig().session.launch(request, forever)).instanceId
            : (await rig().session.describe(rig().ref(request), forever)).instanceId
        expect(await settle()).not.toBe('')
        expect(await rig().world.liveMachines()).toBe(1)
      })
    }
  }

  it('calls an answer that cannot be read unavailable', async (context) => {
    const { rental } = await rig().rent()
    await rig().misbehave(context, { kind: 'garbage', operation: 'describe' })
    expect((await failure(rig().session.describe(rental, forever))).code).toBe('unavailable')
    expect((await rig().session.describe(rental, forever)).state).toBe('running')
  })

  it('stops waiting for an answer when told to', async (context) => {
    const { rental } = await rig().rent()
    await rig().misbehave(context, { kind: 'no-answer', operation: 'describe', when: 'before' })
    const started = Date.now()
    const error = await failure(rig().session.describe(rental, AbortSignal.timeout(50)))
    expect(error.code).toBe('cancelled')
    expect(Date.now() - started).toBeLessThan(rig().world.requestTimeoutMs)
  })
}
