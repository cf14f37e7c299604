import { duplexPair } from 'node:stream'
import { expect, test } from 'vitest'
import { messagePortTransport } from '../../../main/rpc/client/message-port-transport.ts'
import { readEnvelope } from '../../../main/rpc/client/port-envelope.ts'
import { lineTransport } from '../../../main/rpc/line-transport.ts'
import { eventually } from '../../support/eventually.ts'

test('a socket that nobody reads is paused, and loses nothing', async () => {
  const [near, far] = duplexPair()
  const transport = lineTransport(near)
  let closed = ''
  transport.onClose((reason) => {
    closed = reason
  })
  const total = 20_000
  for (let n = 0; n < total; n += 1) far.write(`{"n":${n}}\n`)
  await eventually(() => near.isPaused())
  expect(closed).toBe('')
  const seen: unknown[] = []
  transport.receive((message) => seen.push(message))
  await eventually(() => seen.length === total)
  expect(seen.at(-1)).toEqual({ n: total - 1 })
  transport.close('done')
})

test('messages pass through a port in order, and a close says why', async () => {
  const { port1, port2 } = new MessageChannel()
  const [here, there] = [port1, port2].map((port) => messagePortTransport(port))
  const seen: unknown[] = []
  let reason = ''
  there?.receive((message) => seen.push(message))
  there?.onClose((why) => {
    reason = why
  })
  for (let n = 0; n < 50; n += 1) here?.send({ n })
  await eventually(() => seen.length === 50)
  expect(seen[49]).toEqual({ n: 49 })
  here?.close('the window left')
  await eventually(() => reason === 'the window left')
  here?.send({ n: 50 })
  expect(seen).toHaveLength(50)
})

test('what is no frame ends a port', async () => {
  const { port1, port2 } = new MessageChannel()
  let reason = ''
  messagePortTransport(port1).onClose((why) => {
    reason = why
  })
  port2.postMessage('frame')
  await eventually(() => reason === 'the host sent something that is no frame')
  port2.close()
})

test.each([null, 'frame', 1, {}, { kind: 'frame' }, { kind: 'close', reason: 1 }, { kind: 'x' }])(
  'is no envelope: %j',
  (data) => {
    expect(readEnvelope(data)).toBeNull()
  },
)
