import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fingerprint } from '../../main/machine/ssh/keys.ts'
import type { CliResult, TestUser } from './cli.ts'
import { processesTouching } from './processes-touching.ts'
import type { TestSshd } from './sshd.ts'

/** `sublet hosts add lab …` for a test's server, at $3.60 an hour, with its key unless told otherwise. */
export async function addHost(
  user: TestUser,
  sshd: TestSshd,
  wrong: { readonly key?: string; readonly fingerprint?: string } = {},
): Promise<CliResult> {
  const shown = fingerprint((await sshd.hostKeys())[0] ?? '')
  const key = ['--key', wrong.key ?? sshd.privateKeyPath, '--rate', '3.60']
  const trust = ['--fingerprint', wrong.fingerprint ?? shown]
  return user.run(['hosts', 'add', 'lab', `${sshd.user}@127.0.0.1:${sshd.port}`, ...key, ...trust])
}

/** What Sublet has left on the machine: attempts, rentals, claims, and processes of its sessions. */
export async function leftOnHost(sshd: TestSshd): Promise<readonly string[]> {
  const folders = ['attempts', 'rentals', 'hosts/claims'].map((name) =>
    join(sshd.home, '.sublet', name),
  )
  const files = await Promise.all(
    folders.map(async (folder) =>
      existsSync(folder) ? (await readdir(folder)).map((name) => join(folder, name)) : [],
    ),
  )
  // The server's own sessions are not Sublet's doing: they end with the engine's connection.
  const processes = processesTouching(join(sshd.home, '.sublet')).map(({ words }) => words)
  return [...files.flat(), ...processes]
}
