import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createServer } from 'node:net'
import { delimiter, join } from 'node:path'
import { eventually } from './eventually.ts'

export interface MotoServer {
  readonly port: number
  stop(): Promise<void>
}

/** Amazon's services as moto plays them, on loopback; null where moto is not installed. */
export async function motoServer(): Promise<MotoServer | null> {
  const program = motoProgram()
  if (program === null) return null
  const port = await freePort()
  const child = spawn(program, ['-H', '127.0.0.1', '-p', String(port)], { stdio: 'ignore' })
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const url = `http://127.0.0.1:${port}/moto-api/data.json`
  await eventually(async () => (await fetch(url).catch(() => null))?.ok === true, {
    timeoutMs: 40_000,
    what: 'moto to listen',
  })
  return {
    port,
    stop: async () => {
      child.kill()
      await ended
    },
  }
}

/** SUBLET_TEST_MOTO, or what stands on the PATH; null where there is neither. */
function motoProgram(): string | null {
  const named = process.env['SUBLET_TEST_MOTO'] ?? ''
  const places = (process.env['PATH'] ?? '').split(delimiter).map((dir) => join(dir, 'moto_server'))
  return [...(named === '' ? [] : [named]), ...places].find((path) => existsSync(path)) ?? null
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise<void>((resolve) => server.close(() => resolve()))
  return typeof address === 'object' && address !== null ? address.port : 0
}
