import { expect, test } from 'vitest'
import { SharedConnection, type Connection } from '../../../main/domain/shared-connection.ts'

const { signal } = new AbortController()

interface Made extends Connection {
  closed: boolean
}

function made(): Made {
  const lost = new AbortController()
  const connection: Made = {
    lost: lost.signal,
    closed: false,
    close: () => {
      connection.closed = true
      lost.abort()
    },
  }
  return connection
}

test('after a connection that failed, all who waited for it share one', async () => {
  const shared = new SharedConnection<Made>()
  const opened: Made[] = []
  const failed = shared.get(signal, async () => {
    throw new Error('refused')
  })
  const others = [1, 2, 3].map(() =>
    shared.get(signal, async () => {
      const connection = made()
      opened.push(connection)
      return connection
    }),
  )
  await expect(failed).rejects.toThrow('refused')
  expect(new Set(await Promise.all(others)).size).toBe(1)
  expect(opened).toHaveLength(1)
  shared.drop()
  await expect.poll(() => opened[0]?.closed).toBe(true)
})

test('a lost connection is made again, and a caller that left makes none', async () => {
  const shared = new SharedConnection<Made>()
  const first = await shared.get(signal, async () => made())
  expect(await shared.get(signal, async () => made())).toBe(first)
  first.close()
  await expect(shared.get(AbortSignal.abort(), async () => made())).rejects.toThrow()
  expect(await shared.get(signal, async () => made())).not.toBe(first)
})

test('one dropped while it was being made is closed, and nobody who waited makes another', async () => {
  const shared = new SharedConnection<Made>()
  const opening = Promise.withResolvers<Made>()
  const first = shared.get(signal, async () => await opening.promise)
  const second = shared.get(signal, async () => made())
  shared.drop()
  opening.resolve(made())
  await expect(second).rejects.toMatchObject({ code: 'unreachable' })
  expect((await first).closed).toBe(true)
})
