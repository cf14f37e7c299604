import { readFile } from 'node:fs/promises'
import ssh2, { type AnyAuthMethod } from 'ssh2'
import { SubletError } from '../../domain/errors.ts'
import { agentAt } from './preferring-agent.ts'

/** With what to log in: a key file, an agent, or both (the file is tried first). */
export interface SshIdentity {
  readonly privateKeyPath?: string
  /** SSH_AUTH_SOCK of the client that asked. */
  readonly agentSocket?: string
}

/** The methods to try in order, and how to name them to the user. */
export interface Authentication {
  readonly methods: readonly AnyAuthMethod[]
  readonly tried: readonly string[]
}

/** Reads the key file. Fails with `auth` where nothing is left to try; keys never reach a message. */
export async function authentication(
  username: string,
  identity: SshIdentity,
): Promise<Authentication> {
  const methods: AnyAuthMethod[] = []
  const tried: string[] = []
  const unusable: string[] = []
  if (identity.privateKeyPath !== undefined) {
    const key = await readKey(identity.privateKeyPath)
    if (typeof key === 'string') unusable.push(key)
    else {
      methods.push({ type: 'publickey', username, key: key.bytes })
      tried.push(`the key ${identity.privateKeyPath}`)
    }
  }
  if (identity.agentSocket !== undefined && identity.agentSocket !== '') {
    const agent = await agentAt(identity.agentSocket, identity.privateKeyPath)
    methods.push({ type: 'agent', username, agent })
    tried.push(`the keys of the SSH agent`)
  }
  if (methods.length === 0) {
    throw new SubletError(
      'auth',
      unusable[0] ??
        'No SSH key to log in with: give a key file, or start an SSH agent and add your key with ssh-add.',
    )
  }
  return { methods, tried: [...tried, ...unusable] }
}

async function readKey(path: string): Promise<{ readonly bytes: Buffer } | string> {
  let bytes: Buffer
  try {
    bytes = await readFile(path)
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    return code === 'ENOENT'
      ? `The key file ${path} does not exist; give the path of your private key.`
      : `The key file ${path} cannot be read (${code ?? 'unknown error'}); check its permissions.`
  }
  const parsed = ssh2.utils.parseKey(bytes)
  if (!(parsed instanceof Error)) {
    if (parsed.isPrivateKey()) return { bytes }
    return `${path} is a public key; give the private key file (without .pub).`
  }
  if (/encrypted|passphrase/i.test(parsed.message)) {
    return `The key ${path} is protected by a passphrase; load it into an SSH agent with ssh-add ${path}.`
  }
  return `${path} is not a private key that Sublet can read; use an OpenSSH key (ssh-keygen -t ed25519 makes one).`
}
