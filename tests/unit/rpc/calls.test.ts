import { describe, expect, it } from 'vitest'
import { SubletError } from '../../../main/domain/errors.ts'
import { createClient } from '../../../main/rpc/client/client.ts'
import { memoryTransportPair } from '../../../main/rpc/memory-transport.ts'
import { collect } from '../../support/collect.ts'
import { eventually } from '../../support/eventually.ts'
import {
  rpcPair,
  serveTest,
  testContract,
  testHandlers,
  testHello,
} from '../../support/rpc-pair.ts'

describe('calls', () => {
  it('answers with the parsed output', async () => {
    const { client } = await rpcPair()
    expect(client.engine).toEqual({ ...testHello, role: 'engine' })
    await expect(client.api.maths.double({ value: 21 })).resolves.toEqual({ value: 42 })
  })

  it('refuses an input that does not fit, naming the place', async () => {
    const { client } = await rpcPair()
    await expect(client.api.maths.double({ value: 1.5 })).rejects.toMatchObject({
      code: 'invalid',
      message: expect.stringMatching(/maths\.double.* at value/),
    })
  })

  it('carries an error with code, retry and details', async () => {
    const { client } = await rpcPair({
      maths: {
        ...testHandlers.maths,
        double: () =>
          Promise.reject(
            new SubletError('rate-limited', 'Wait.', { retryAfterMs: 5, details: { a: 1 } }),
          ),
      },
    })
    await expect(client.api.maths.double({ value: 1 })).rejects.toMatchObject({
      code: 'rate-limited',
      message: 'Wait.',
      extras: { retryAfterMs: 5, details: { a: 1 } },
    })
  })

  it('does not let a wrong output out', async () => {
    const { client } = await rpcPair({
      maths: { ...testHandlers.maths, double: () => Promise.resolve({ value: 0.5 }) },
    })
    await expect(client.api.maths.double({ value: 1 })).rejects.toMatchObject({ code: 'internal' })
  })

  it.each([
    'maths.nothing',
    'nothing.double',
    'maths',
    '__proto__.x',
    'maths.double.x',
    'maths.count',
  ])('answers "unsupported" to %s', async (method) => {
    const [own, peer] = await rawPair()
    peer({ t: 'call', id: 1, method, input: {} })
    await expect(own()).resolves.toMatchObject({
      result: { ok: false, error: { code: 'unsupported' } },
    })
  })

  it('cancels at both ends', async () => {
    let seen: AbortSignal | null = null
    const { client } = await rpcPair({
      maths: {
        ...testHandlers.maths,
        wait: (input, context) => {
          seen = context.signal
          return testHandlers.maths.wait(input, context)
        },
      },
    })
    const abort = new AbortController()
    const waiting = client.api.maths.wait({}, { signal: abort.signal })
    await eventually(() => seen)
    abort.abort()
    await expect(waiting).rejects.toMatchObject({ code: 'cancelled' })
    await eventually(() => seen?.aborted)
    await expect(client.api.maths.wait({}, { signal: abort.signal })).rejects.toMatchObject({
      code: 'cancelled',
    })
  })

  it('fails everything pending when the connection is lost, and stops the work', async () => {
    let seen: AbortSignal | null = null
    const { client, serverEnd } = await rpcPair({
      maths: {
        ...testHandlers.maths,
        wait: (input, context) => {
          seen = context.signal
          return testHandlers.maths.wait(input, context)
        },
      },
    })
    const waiting = client.api.maths.wait({})
    const stream = await client.api.maths.count({ to: 1_000_000 })
    await eventually(() => seen)
    serverEnd.close('planned')
    await expect(waiting).rejects.toMatchObject({ code: 'unreachable' })
    await expect(collect(stream.events)).rejects.toMatchObject({ code: 'unreachable' })
    await expect(client.api.maths.wait({})).rejects.toMatchObject({ code: 'unreachable' })
    expect(seen).toMatchObject({ aborted: true })
    await expect(client.closed).resolves.toBe('planned')
  })

  it('refuses work for another contract, but understands hello and drain', async () => {
    const [own, peer, pair] = await rawPair({ contractVersion: 2 })
    peer({ t: 'call', id: 1, method: 'maths.double', input: { value: 1 } })
    await expect(own()).resolves.toMatchObject({ result: { error: { code: 'version' } } })
    peer({ t: 'drain' })
    await eventually(() => pair.drains() === 1)
  })

  it('gives up on an engine that never says hello', async () => {
    const [clientEnd] = memoryTransportPair()
    const abort = new AbortController()
    const connecting = createClient(testContract, clientEnd, testHello, abort.signal)
    abort.abort()
    await expect(connecting).rejects.toMatchObject({ code: 'cancelled' })
  })
})

/** Speaks frames by hand: answers a reader of the engine's next frame, and a sender. */
async function rawPair(hello: Partial<typeof testHello> = {}) {
  const pair = serveTest()
  const frames: unknown[] = []
  pair.clientEnd.receive((message) => frames.push(message))
  pair.clientEnd.send({ t: 'hello', ...testHello, ...hello })
  await eventually(() => frames.shift())
  const next = () => eventually(() => frames.shift())
  const send = (frame: unknown) => pair.clientEnd.send(frame)
  return [next, send, pair] as const
}
