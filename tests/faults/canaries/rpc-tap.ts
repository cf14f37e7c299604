import { existsSync, renameSync } from 'node:fs'
import { connect, createServer, type Socket } from 'node:net'
import { readEngineInfo } from '../../../main/engine/engine-info.ts'
import { homeAt } from '../../../main/engine/home.ts'
import { eventually } from '../../support/eventually.ts'

/** All bytes that an engine says to its clients, recorded between them. */
export interface RpcTap {
  /** Everything so far. */
  said(): Buffer
  close(): Promise<void>
}

/** Takes the place of a running engine's socket and passes everything on. */
export async function tapRpc(home: string): Promise<RpcTap> {
  const address = readEngineInfo(homeAt(home))?.address
  if (address === undefined) throw new Error('No engine runs.')
  await eventually(() => existsSync(address), { what: 'the engine to listen' })
  const moved = `${address}.engine`
  renameSync(address, moved)
  const said: Buffer[] = []
  const open = new Set<Socket>()
  const server = createServer((client) => {
    const engine = connect(moved)
    for (const [one, other] of [
      [client, engine],
      [engine, client],
    ] as const) {
      open.add(one)
      one.on('error', () => other.destroy())
      one.on('close', () => {
        open.delete(one)
        other.destroy()
      })
    }
    engine.on('data', (bytes) => said.push(bytes))
    client.pipe(engine).pipe(client)
  })
  await new Promise<void>((resolve) => server.listen(address, resolve))
  return {
    said: () => Buffer.concat(said),
    close: async () => {
      for (const socket of open) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
      // The engine removes its socket where it made it, unless it has left already.
      if (existsSync(moved)) renameSync(moved, address)
    },
  }
}
