import { createServer, type Server, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { SubletError, toSubletError } from '../../domain/errors.ts'
import { lastAttempt } from '../../domain/job/record.ts'
import type { Machine } from '../../machine/machine.ts'
import type { StreamAnswer } from '../../rpc/handlers.ts'
import type { ServiceParts } from './context.ts'

/** Opens a port on 127.0.0.1 that leads to a port of the job's machine, while the client stays. */
export async function forward(
  parts: Pick<ServiceParts, 'journal' | 'machines'>,
  { jobId, port }: { readonly jobId: string; readonly port: number },
  signal: AbortSignal,
): Promise<StreamAnswer<{ localPort: number }, { sentence: string }>> {
  const { journal, machines } = parts
  const attempt = lastAttempt(journal.job(jobId))
  if (attempt === null || journal.rental(attempt.rentalId).phase !== 'up') {
    throw new SubletError('conflict', `${jobId} has no machine that can be reached now.`)
  }
  const left = new AbortController()
  const until = AbortSignal.any([signal, left.signal])
  const problems: string[] = []
  let wake: () => void = () => undefined
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
    // Already now: a socket that is reset while nobody listens for its error ends the program.
    socket.on('error', () => socket.destroy())
    const connect = async (): Promise<Machine> =>
      await machines.connect(journal.rental(attempt.rentalId), until)
    join(socket, port, connect, until).catch((error: unknown) => {
      socket.destroy()
      if (until.aborted) return
      problems.push(toSubletError(error).message)
      wake()
    })
  })
  const leave = (): void => {
    server.close()
    for (const socket of sockets) socket.destroy()
    wake()
  }
  const localPort = await listen(server)
  until.addEventListener('abort', leave, { once: true })
  // Not before: a server that is closed while it is being opened never says that it is open.
  if (until.aborted) leave()
  until.throwIfAborted()
  const events = async function* (): AsyncGenerator<{ sentence: string }> {
    try {
      while (!until.aborted) {
        const sentence = problems.shift()
        if (sentence !== undefined) yield { sentence }
        else {
          await new Promise<void>((resolve) => {
            wake = resolve
          })
        }
      }
    } finally {
      left.abort()
    }
  }
  return { snapshot: { localPort }, events: events() }
}

/** Resolves with the port, once it takes connections. */
async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  const address = server.address()
  if (address !== null && typeof address !== 'string') return address.port
  throw new SubletError('internal', 'No local port could be opened.')
}

/** Leads a socket to the machine's port; each side ends with the other, also where it ended early. */
async function join(
  socket: Socket,
  port: number,
  connect: () => Promise<Machine>,
  signal: AbortSignal,
): Promise<void> {
  const machine = await connect()
  if (socket.destroyed) return
  const remote: Duplex = await machine.forward(port, signal)
  remote.on('error', () => socket.destroy())
  remote.once('close', () => socket.destroySoon())
  socket.once('close', () => remote.destroy())
  if (socket.destroyed) remote.destroy()
  else socket.pipe(remote).pipe(socket)
}
