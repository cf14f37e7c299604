import { execFileSync, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { eventually } from './eventually.ts'

export interface TestAgent {
  /** The value of SSH_AUTH_SOCK. */
  readonly socket: string
  add(privateKeyPath: string): void
  stop(): Promise<void>
}

/** Starts a real ssh-agent without keys. */
export async function startAgent(): Promise<TestAgent> {
  const dir = await mkdtemp(join(tmpdir(), 'sublet-agent-'))
  const socket = join(dir, 'agent.sock')
  const agent = spawn('ssh-agent', ['-D', '-a', socket], { stdio: 'ignore' })
  await eventually(() => existsSync(socket), { what: 'the SSH agent' })
  return {
    socket,
    add: (path) =>
      void execFileSync('ssh-add', ['-q', path], {
        env: { ...process.env, SSH_AUTH_SOCK: socket },
      }),
    stop: async () => {
      agent.kill()
      await eventually(() => agent.exitCode !== null || agent.signalCode !== null)
      await rm(dir, { recursive: true, force: true })
    },
  }
}
