import { createHash } from 'node:crypto'
import { chmod, mkdir, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import ssh2 from 'ssh2'
import { SubletError } from '../../domain/errors.ts'

/** A fresh ed25519 pair: OpenSSH private key text, and the `ssh-ed25519 AAAA… comment` line. */
export interface KeyPair {
  readonly privateKey: string
  readonly publicKey: string
}

/** Makes a key pair for one rental or for a host key that we inject. */
export function generateKeyPair(comment: string): KeyPair {
  for (;;) {
    const pair = ssh2.utils.generateKeyPairSync('ed25519', { comment })
    // ssh2 drops a leading zero byte: one key in 256 cannot be read back, by nobody.
    if (ssh2.utils.parseKey(pair.private) instanceof Error) continue
    return { privateKey: pair.private, publicKey: pair.public.trim() }
  }
}

/** The pair of a private key's text, which `generateKeyPair` has made. Fails with `internal`. */
export function keyPairOf(privateKey: string): KeyPair {
  const key = ssh2.utils.parseKey(privateKey)
  if (key instanceof Error || !key.isPrivateKey()) {
    throw new SubletError('internal', 'A private key that Sublet has made cannot be read.')
  }
  return { privateKey, publicKey: keyFromBlob(key.getPublicSSH()) }
}

/** Writes a private key so that only its owner can read it; ssh refuses anything wider. */
export async function writePrivateKey(path: string, privateKey: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  await writeFile(path, privateKey.endsWith('\n') ? privateKey : `${privateKey}\n`, { mode: 0o600 })
  // The mode above counts only for a new file.
  await chmod(path, 0o600)
}

/** Type and base64 part of a public key line; any comment is dropped. Fails with `invalid`. */
export function normaliseKey(line: string): string {
  const [type, blob] = line.trim().split(/\s+/)
  const named = blob === undefined ? '' : typeOfBlob(Buffer.from(blob, 'base64'))
  if (type === undefined || blob === undefined || named !== type) {
    throw new SubletError(
      'invalid',
      `"${line.slice(0, 60)}" is not an SSH public key; expected a line such as "ssh-ed25519 AAAA…".`,
    )
  }
  return `${type} ${blob}`
}

/** The public key line of a key as it travels in the protocol. */
export function keyFromBlob(blob: Buffer): string {
  return `${typeOfBlob(blob)} ${blob.toString('base64')}`
}

function typeOfBlob(blob: Buffer): string {
  const length = blob.length >= 4 ? blob.readUInt32BE(0) : 0
  return blob.subarray(4, 4 + length).toString('latin1')
}

/** `SHA256:…` of a public key line, the text that `ssh-keygen -lf` prints. */
export function fingerprint(line: string): string {
  const blob = Buffer.from(normaliseKey(line).split(' ')[1] ?? '', 'base64')
  return `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')}`
}

/** How OpenSSH names a host in known_hosts: `host`, or `[host]:port` off port 22. */
export function knownHostsName(host: string, port: number): string {
  return port === 22 ? host : `[${host}]:${port}`
}

/** The lines of a known_hosts file that trusts exactly these keys; for the system's own ssh. */
export function knownHostsLines(host: string, port: number, keys: readonly string[]): string {
  return keys.map((key) => `${knownHostsName(host, port)} ${normaliseKey(key)}\n`).join('')
}
