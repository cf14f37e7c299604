import { expect, test } from 'vitest'
import { silentLogger } from '../../../main/domain/logger.ts'
import { createClient } from '../../../main/rpc/client/client.ts'
import type { Transport } from '../../../main/rpc/client/transport.ts'
import { memoryTransportPair } from '../../../main/rpc/memory-transport.ts'
import { relay, withEnvironment } from '../../../main/rpc/relay.ts'
import { eventually } from '../../support/eventually.ts'
import { serveTest, testContract, testHandlers, testHello } from '../../support/rpc-pair.ts'

const environment = { SSH_AUTH_SOCK: '/run/agent' }

test('a request that has an environment gets the host’s own', () => {
  const claimed = { t: 'call', id: 1, method: 'jobs.submit', input: { environment: { A: 'b' } } }
  expect(withEnvironment(claimed, environment)).toEqual({
    ...claimed,
    input: { environment },
  })
  const stream = {
    t: 'open',
    id: 2,
    method: 'offers.search',
    credit: 8,
    input: { environment: {} },
  }
  expect(withEnvironment(stream, environment)).toEqual({ ...stream, input: { environment } })
})

test.each([
  { t: 'call', id: 1, method: 'jobs.list', input: {} },
  { t: 'call', id: 1, method: 'jobs.list', input: [{ environment: {} }] },
  { t: 'call', id: 1, method: 'jobs.list', input: { job: { environment: {} } } },
  { t: 'hello', input: { environment: {} } },
  { t: 'cancel', id: 1 },
  null,
  'text',
])('any other frame stays as it is: %j', (frame) => {
  expect(withEnvironment(frame, environment)).toBe(frame)
})

async function relayed() {
  const { clientEnd: engine, drains } = serveTest(testHandlers, silentLogger)
  const [page, window] = memoryTransportPair()
  relay(window, engine, environment)
  return { client: await createClient(testContract, page, testHello), engine, page, drains }
}

test('calls and streams pass in both directions', async () => {
  const { client } = await relayed()
  expect(await client.api.maths.double({ value: 21 })).toEqual({ value: 42 })
  const stream = await client.api.maths.count({ to: 500 }, { credit: 16 })
  const seen: number[] = []
  for await (const { value } of stream.events) seen.push(value)
  expect(seen).toHaveLength(500)
  expect(seen.at(-1)).toBe(500)
})

test('either end closes the other', async () => {
  const first = await relayed()
  first.engine.close('the engine left')
  expect(await first.client.closed).toBe('the engine left')
  const second = await relayed()
  const reasons: string[] = []
  second.engine.onClose((reason) => reasons.push(reason))
  second.page.close('the window closed')
  await eventually(() => reasons.length === 1)
})

test('a renderer that does not take anything stops the engine from being read', async () => {
  const [engineEnd, hostEnd] = memoryTransportPair()
  let release: () => void = () => undefined
  const taken: unknown[] = []
  const stuck: Transport = {
    send: (message) => taken.push(message),
    drained: () =>
      new Promise((resolve) => {
        release = resolve
      }),
    receive: () => undefined,
    onClose: () => undefined,
    close: () => undefined,
  }
  relay(stuck, hostEnd, {})
  for (let id = 0; id < 50; id += 1) engineEnd.send({ t: 'event', id })
  await eventually(() => taken.length === 1)
  release()
  await eventually(() => taken.length === 2)
  expect(taken).toEqual([
    { t: 'event', id: 0 },
    { t: 'event', id: 1 },
  ])
})
