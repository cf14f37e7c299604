import { execFile, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { eventually } from './eventually.ts'

const run = promisify(execFile)
const version = '5.2.5'
const folder = join(tmpdir(), `sublet-test-moto-${version}`)

export interface S3Server {
  readonly port: number
  stop(): Promise<void>
}

/** A real S3 server (moto) on loopback with one empty bucket; a sentence where it cannot be had. */
export async function s3Server(bucket: string): Promise<S3Server | string> {
  const program = join(folder, 'bin', 'moto_server')
  if (!existsSync(program)) {
    try {
      await run('python3', ['-m', 'venv', folder])
      const pip = ['install', '--quiet', '--disable-pip-version-check', `moto[server]==${version}`]
      await run(join(folder, 'bin', 'pip'), pip, { timeout: 180_000 })
    } catch (error) {
      return `No moto server (python3-venv, pip and a package index are needed): ${String(error).slice(0, 200)}`
    }
  }
  const port = await freePort()
  const child = spawn(program, ['-H', '127.0.0.1', '-p', String(port)], { stdio: 'ignore' })
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const url = `http://127.0.0.1:${port}/${bucket}`
  await eventually(
    async () => (await fetch(url, { method: 'PUT' }).catch(() => null))?.ok === true,
    { timeoutMs: 40_000, what: 'the S3 server to listen' },
  )
  return {
    port,
    stop: async () => {
      child.kill()
      await ended
    },
  }
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise<void>((resolve) => server.close(() => resolve()))
  return typeof address === 'object' && address !== null ? address.port : 0
}
