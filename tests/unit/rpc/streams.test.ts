import { describe, expect, it } from 'vitest'
import { SubletError } from '../../../main/domain/errors.ts'
import { EventQueue } from '../../../main/rpc/event-queue.ts'
import { collect } from '../../support/collect.ts'
import { eventually } from '../../support/eventually.ts'
import { rpcPair, testHandlers } from '../../support/rpc-pair.ts'
import type { TestHandlers } from '../../support/rpc-pair.ts'

function counting(count: TestHandlers['maths']['count']): TestHandlers {
  return { maths: { ...testHandlers.maths, count } }
}

describe('streams', () => {
  it('gives the snapshot, then every event in order, then ends', async () => {
    const { client } = await rpcPair()
    const stream = await client.api.maths.count({ to: 1_000 })
    expect(stream.snapshot).toEqual({ from: 0 })
    const events = await collect(stream.events)
    expect(events.map((event) => event.value)).toEqual(
      Array.from({ length: 1_000 }, (_, i) => i + 1),
    )
  })

  it('pulls no more than the client granted, and goes on as it reads', async () => {
    let pulled = 0
    const { client } = await rpcPair(
      counting(async () => ({
        snapshot: { from: 0 },
        events: (async function* () {
          for (;;) {
            pulled += 1
            yield { value: pulled, pad: 'x'.repeat(1_000) }
          }
        })(),
      })),
    )
    const stream = await client.api.maths.count({ to: 0 }, { credit: 10 })
    await eventually(() => pulled === 10)
    await client.api.maths.double({ value: 1 })
    expect(pulled).toBe(10)
    let read = 0
    for await (const event of stream.events) {
      read += 1
      expect(event.value).toBe(read)
      expect(pulled).toBeLessThanOrEqual(read + 10)
      if (read === 500) break
    }
    await client.api.maths.double({ value: 1 })
    const atEnd = pulled
    await client.api.maths.double({ value: 1 })
    expect(pulled).toBe(atEnd)
  })

  it.each(['close', 'abort', 'leave'] as const)('stops the source on: %s', async (how) => {
    let left = 0
    const queue = new EventQueue<{ value: number }>(10, () => {
      left += 1
    })
    const { client } = await rpcPair(
      counting(async () => ({ snapshot: { from: 0 }, events: queue })),
    )
    const abort = new AbortController()
    const stream = await client.api.maths.count({ to: 0 }, { signal: abort.signal })
    queue.push({ value: 1 })
    if (how === 'leave') {
      for await (const event of stream.events) {
        expect(event).toEqual({ value: 1 })
        break
      }
    } else if (how === 'close') {
      stream.close()
    } else {
      abort.abort()
      await expect(collect(stream.events)).rejects.toMatchObject({ code: 'cancelled' })
    }
    await eventually(() => left === 1)
  })

  it('stops a generator that never yields again, without waiting for it', async () => {
    let aborted = false
    const { client } = await rpcPair(
      counting(async (_, { signal }) => {
        signal.addEventListener('abort', () => {
          aborted = true
        })
        return {
          snapshot: { from: 0 },
          events: (async function* () {
            await new Promise(() => undefined)
            yield { value: 1 }
          })(),
        }
      }),
    )
    const stream = await client.api.maths.count({ to: 0 })
    stream.close()
    await eventually(() => aborted)
    await expect(client.api.maths.double({ value: 1 })).resolves.toEqual({ value: 2 })
  })

  it('brings a late error to the reader after the events before it', async () => {
    const { client } = await rpcPair(
      counting(async () => ({
        snapshot: { from: 0 },
        events: (async function* () {
          yield { value: 1 }
          throw new SubletError('not-found', 'It is gone.')
        })(),
      })),
    )
    const stream = await client.api.maths.count({ to: 0 })
    const seen: number[] = []
    const reading = (async () => {
      for await (const event of stream.events) seen.push(event.value)
    })()
    await expect(reading).rejects.toMatchObject({ code: 'not-found' })
    expect(seen).toEqual([1])
  })

  it('refuses to open with the handler’s error, and breaks on a wrong event', async () => {
    const refusing = await rpcPair(
      counting(() => Promise.reject(new SubletError('not-found', 'No such job.'))),
    )
    await expect(refusing.client.api.maths.count({ to: 0 })).rejects.toMatchObject({
      code: 'not-found',
    })
    const wrong = await rpcPair(
      counting(async () => ({
        snapshot: { from: 0 },
        events: (async function* () {
          yield { value: 0.5 }
        })(),
      })),
    )
    const stream = await wrong.client.api.maths.count({ to: 0 })
    await expect(collect(stream.events)).rejects.toMatchObject({ code: 'internal' })
  })
})

describe('the event queue', () => {
  it('keeps only the newest event of a key', async () => {
    const queue = new EventQueue<string>(2)
    queue.push('a1', 'a')
    queue.push('b1', 'b')
    queue.push('a2', 'a')
    queue.end()
    await expect(collect(queue)).resolves.toEqual(['a2', 'b1'])
  })

  it('ends with an error when the reader falls behind', async () => {
    const queue = new EventQueue<number>(2)
    for (let i = 0; i < 5; i += 1) queue.push(i)
    await expect(collect(queue)).rejects.toMatchObject({ code: 'rate-limited' })
  })
})
