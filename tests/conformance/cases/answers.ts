import { expect, it } from 'vitest'
import { collect } from '../../support/collect.ts'
import type { Rig } from '../rig.ts'
import { failure, forever } from '../rig.ts'
import type { Operation } from '../subject.ts'

/** Answers that are odd, late, or of a later version, and callers who leave in the middle. */
export function answerCases(rig: () => Rig): void {
  const reads: readonly (readonly [Operation, () => Promise<unknown>])[] = [
    ['offers', () => collect(rig().session.offers({}, forever))],
    ['list', () => collect(rig().session.list(forever))],
  ]
  for (const [operation, read] of reads) {
    for (const kind of ['garbage', 'truncated'] as const) {
      it(`calls ${kind} in answer to ${operation} unavailable, and reads the next answer`, async (context) => {
        await rig().misbehave(context, { kind, operation })
        expect((await failure(read())).code).toBe('unavailable')
        await read()
      })
    }
  }

  it('does not mind fields that it has never heard of', async (context) => {
    const { rental, instance } = await rig().rent()
    for (const operation of ['offers', 'describe', 'list'] as const)
      await rig().misbehave(context, { kind: 'new-fields', operation })
    const offers = await collect(rig().session.offers({}, forever))
    expect(offers.some(({ machineType }) => machineType !== '')).toBe(true)
    expect((await rig().session.describe(rental, forever)).instanceId).toBe(instance.instanceId)
    expect(await rig().listed(rental)).toHaveLength(1)
  })

  it('waits for an answer that is slow but in time', async (context) => {
    const { rental } = await rig().rent()
    const realMs = rig().world.requestTimeoutMs / 3
    await rig().misbehave(context, { kind: 'slow', operation: 'describe', realMs })
    expect((await rig().session.describe(rental, forever)).state).toBe('running')
  })

  it('leaves nothing behind of a launch that is given up at any of its requests', async (context) => {
    const { onRequest } = rig().world
    if (onRequest === undefined)
      return context.skip('This world cannot tell when a request comes in.')
    for (let step = 1; ; step += 1) {
      const request = rig().request(await rig().offer())
      const leave = new AbortController()
      let requests = 0
      const stop = onRequest(() => {
        requests += 1
        if (requests === step) leave.abort()
      })
      const outcome = await rig()
        .session.launch(request, leave.signal)
        .then(
          () => null,
          (error: unknown) => failure(Promise.reject(error)),
        )
      stop()
      // Given up is given up, or the answer was faster: nothing else, and never an odd error.
      expect([undefined, 'cancelled']).toContain(outcome?.code)
      const launchedAt = rig().now() - rig().world.provider.capabilities.visibleWithinMs - 1
      const rental = rig().ref(request, { seen: false, launchedAt })
      await rig().receipt(rental)
      expect(await rig().listed(rental)).toEqual([])
      expect(await rig().world.liveMachines()).toBe(0)
      if (requests < step) return
    }
  })
}

/** Holds everything that was exchanged in the other cases against the provider's own description. */
export function describedCase(rig: () => Rig): void {
  it('asks and is answered as the provider’s official API description says', (context) => {
    const described = rig().world.described?.() ?? null
    if (described === null)
      return context.skip('There is no official API description of it on this computer.')
    expect(described.problems).toEqual([])
    expect(described.requests).toBeGreaterThan(50)
    expect(described.answers).toBeGreaterThan(50)
    console.log(
      `${rig().world.provider.about.name}: ${described.requests} requests and ${described.answers} answers agree with its API description.`,
    )
  })
}
