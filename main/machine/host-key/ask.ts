import { readFileSync } from 'node:fs'
import { shellWords } from '../../domain/shell-quote.ts'
import type { Machine } from '../machine.ts'
import { normaliseKey } from '../ssh/keys.ts'

/** What a machine says about a new host key for itself. */
export type HostKeyAnswer =
  /** It has made this one; nobody uses it yet. */
  | { readonly kind: 'made'; readonly key: string }
  /** The old one is not there any more, this one is. */
  | { readonly kind: 'replaced-before'; readonly key: string }
  | { readonly kind: 'installed' }
  | { readonly kind: 'cannot'; readonly because: string }

const reasons: Readonly<Record<string, string>> = {
  root: 'its user may not act as root',
  'ssh-keygen': 'it has no ssh-keygen',
  sshd: 'its SSH server is not OpenSSH',
  configuration: 'its SSH server does not accept its own configuration',
  reload: 'its SSH server cannot be told',
  write: 'the key cannot be written there',
  lost: 'the new key was not found there any more',
}

/** Has the machine make a new host key beside the one with this public half. `unreachable` on a cut. */
export async function makeHostKey(
  machine: Machine,
  old: string,
  signal: AbortSignal,
): Promise<HostKeyAnswer> {
  return await ask(machine, ['prepare', normaliseKey(old), ''], signal)
}

/** Has it show the new one from now on, in place of the old one. `unreachable` on a cut. */
export async function installHostKey(
  machine: Machine,
  { old, fresh }: { readonly old: string; readonly fresh: string },
  signal: AbortSignal,
): Promise<HostKeyAnswer> {
  return await ask(machine, ['install', normaliseKey(old), normaliseKey(fresh)], signal)
}

async function ask(
  machine: Machine,
  words: readonly string[],
  signal: AbortSignal,
): Promise<HostKeyAnswer> {
  const command = `sh -s ${shellWords(words)}`
  const stdin = readFileSync(new URL('host-key.sh', import.meta.url), 'utf8')
  const answer = await machine.exec(command, { signal, timeoutMs: 60_000, stdin })
  return readHostKeyAnswer(answer.stdout)
}

/** Reads the script's answer; what is none counts as "cannot", with no word of the machine's in it. */
export function readHostKeyAnswer(stdout: string): HostKeyAnswer {
  for (const line of stdout.slice(0, 64 * 1024).split('\n')) {
    const [, word, value = ''] = /^(new|current|installed|cannot)=(.*)$/.exec(line) ?? []
    if (word === 'installed') return { kind: 'installed' }
    if (word === 'cannot') {
      return { kind: 'cannot', because: reasons[value] ?? 'it does not say why' }
    }
    if (word === undefined || !/^ssh-ed25519 [A-Za-z0-9+/=]{68}$/.test(value)) continue
    return { kind: word === 'new' ? 'made' : 'replaced-before', key: value }
  }
  return { kind: 'cannot', because: 'it does not answer like a machine with OpenSSH' }
}
