import { createServer } from 'node:net'
import { SubletError, toSubletError } from '../../domain/errors.ts'
import { lastAttempt } from '../../domain/job/record.ts'
import type { StreamAnswer } from '../../rpc/handlers.ts'
import type { ServiceParts } from './context.ts'

/** Opens a port on 127.0.0.1 that leads to a port of the job's machine, while the client stays. */
export async function forward(
  parts: ServiceParts,
  { jobId, port }: { readonly jobId: string; readonly port: number },
  signal: AbortSignal,
): Promise<StreamAnswer<{ localPort: number }, { sentence: string }>> {
  const attempt = lastAttempt(parts.journal.job(jobId))
  if (attempt === null || parts.journal.rental(attempt.rentalId).phase !== 'up') {
    throw new SubletError('conflict', `${jobId} has no machine that can be reached now.`)
  }
  const problems: string[] = []
  let wake: () => void = () => undefined
  const server = createServer((socket) => {
    const open = async (): Promise<void> => {
      const machine = await parts.machines.connect(parts.journal.rental(attempt.rentalId), signal)
      const remote = await machine.forward(port, signal)
      socket.pipe(remote).pipe(socket)
      socket.on('error', () => remote.destroy())
      remote.on('error', () => socket.destroy())
      socket.on('close', () => remote.destroy())
    }
    open().catch((error: unknown) => {
      socket.destroy()
      problems.push(toSubletError(error).message)
      wake()
    })
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  const address = server.address()
  if (address === null || typeof address === 'string') {
    throw new SubletError('internal', 'No local port could be opened.')
  }
  signal.addEventListener('abort', () => {
    server.close()
    wake()
  })
  const events = async function* (): AsyncGenerator<{ sentence: string }> {
    try {
      while (!signal.aborted) {
        const sentence = problems.shift()
        if (sentence !== undefined) yield { sentence }
        else {
          await new Promise<void>((resolve) => {
            wake = resolve
          })
        }
      }
    } finally {
      server.close()
    }
  }
  return { snapshot: { localPort: address.port }, events: events() }
}
