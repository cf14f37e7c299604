import { connect, type Socket } from 'node:net'
import { eventually } from '../../../support/eventually.ts'
import { broke, held, type Injection } from '../../fault-class.ts'
import type { Random } from '../random.ts'
import { isServed, ownPage } from './page.ts'
import type { RecordingEngine } from './recording-engine.ts'
import { ownUpgrade, type Door } from './upgrade-request.ts'

const patience = { timeoutMs: 60_000, everyMs: 20 }

/**
 * So many connections at once, which say nothing, half of a request, or are pages that never read.
 * A page is served in the midst of them, and nothing of them is left when they have gone.
 */
export async function crowd(
  door: Door,
  engine: RecordingEngine,
  random: Random,
  count: number,
): Promise<Injection> {
  const what = `${count} connections at once`
  const before = engine.clients()
  const sockets = await Promise.all(Array.from({ length: count }, () => idle(door, random)))
  const amidst = await isServed(ownPage(door))
  for (const socket of sockets) socket.resetAndDestroy()
  if (amidst !== null) return broke(what, `among them ${amidst}`)
  const gone = eventually(() => engine.clients() <= before, { ...patience, what: 'all to be gone' })
  const left = await gone.then(
    () => null,
    () => `${engine.clients() - before} lines to the engine are left`,
  )
  const after = left ?? (await isServed(ownPage(door)))
  return after === null ? held(what, count) : broke(what, after)
}

function idle(door: Door, random: Random): Promise<Socket> {
  const request = ownUpgrade(door)
  const says = [request, request, request.subarray(0, random.below(request.length)), '']
  return new Promise((resolve) => {
    const socket = connect(door.port, '127.0.0.1', () => {
      socket.write(random.pick(says))
      resolve(socket)
    })
    socket.on('error', () => resolve(socket))
  })
}
