import { once } from 'node:events'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { JobRecord } from '../../../main/domain/job/record.ts'
import type { RentalRecord } from '../../../main/domain/rental/record.ts'
import { forward } from '../../../main/engine/services/forward.ts'
import type { Journal } from '../../../main/jobs/journal/journal.ts'
import type { RentalMachines } from '../../../main/jobs/ports.ts'
import type { Machine } from '../../../main/machine/machine.ts'
import { eventually } from '../../support/eventually.ts'

let remoteServer: Server
/** The far ends of all channels that were opened to the machine. */
let arrived: Socket[]
let leaving: AbortController
/** Channels to the machine open only once this has resolved. */
let gate: PromiseWithResolvers<void>
let asked: number

beforeEach(async () => {
  arrived = []
  asked = 0
  gate = Promise.withResolvers()
  leaving = new AbortController()
  remoteServer = createServer((socket) => {
    arrived.push(socket)
    socket.on('error', () => socket.destroy())
    socket.on('data', (bytes) => socket.end(`got ${bytes.toString()}`))
  })
  remoteServer.listen(0, '127.0.0.1')
  await once(remoteServer, 'listening')
})
afterEach(async () => {
  leaving.abort()
  for (const socket of arrived) socket.destroy()
  remoteServer.close()
  await once(remoteServer, 'close')
})

async function open(): Promise<number> {
  const machine = {
    forward: async (port: number) => {
      asked += 1
      await gate.promise
      const channel = connect(port, '127.0.0.1')
      await once(channel, 'connect')
      return channel
    },
  } as Partial<Machine> as Machine
  const parts = {
    journal: {
      job: () => ({ attempts: [{ rentalId: 'sublet-1' }] }) as unknown as JobRecord,
      rental: () => ({ phase: 'up' }) as RentalRecord,
    } as Partial<Journal> as Journal,
    machines: { connect: async () => machine } as Partial<RentalMachines> as RentalMachines,
  }
  const address = remoteServer.address()
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0
  const { snapshot } = await forward(parts, { jobId: 'job-1', port }, leaving.signal)
  return snapshot.localPort
}

async function local(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1')
  socket.on('error', () => undefined) // The other side may reset it.
  await once(socket, 'connect')
  return socket
}

test('bytes go there and back', async () => {
  gate.resolve()
  const socket = await local(await open())
  socket.write('hello')
  expect(await text(socket)).toBe('got hello')
})

test('a connection that is reset before its channel is open leaves no channel and ends nothing', async () => {
  const port = await open()
  const socket = await local(port)
  await eventually(() => asked === 1)
  socket.resetAndDestroy()
  const second = await local(port)
  await eventually(() => asked === 2)
  gate.resolve()
  second.write('still there')
  expect(await text(second)).toBe('got still there')
  await eventually(() => arrived.length === 2 && arrived.every((one) => one.destroyed))
})

test('when the client leaves, its connections end and the port closes', async () => {
  gate.resolve()
  const port = await open()
  const socket = await local(port)
  await eventually(() => arrived.length === 1)
  leaving.abort()
  await once(socket, 'close')
  await eventually(() => arrived.every((one) => one.destroyed))
  const refused = connect(port, '127.0.0.1')
  const [error] = (await once(refused, 'error').catch((thrown: unknown) => [thrown])) as [Error]
  expect(error).toMatchObject({ code: 'ECONNREFUSED' })
})

test('a client that left before the port was open gets an error and no port', async () => {
  const opening = open()
  leaving.abort()
  await expect(opening).rejects.toMatchObject({ name: 'AbortError' })
})
