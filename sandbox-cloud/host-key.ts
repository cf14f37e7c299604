import { generateKeyPairSync, randomBytes } from 'node:crypto'
import ssh2 from 'ssh2'

/** A machine's SSH host key: private in OpenSSH's format, public as `ssh-ed25519 AAAA…`. */
export interface HostKey {
  readonly privateKey: string
  readonly publicKey: string
}

/** A new ed25519 pair. Encoded here, because one in 256 pairs that ssh2 makes cannot be read. */
export function newHostKey(): HostKey {
  const { privateKey } = generateKeyPairSync('ed25519')
  const { d = '', x = '' } = privateKey.export({ format: 'jwk' })
  const seed = Buffer.from(d, 'base64url')
  const point = Buffer.from(x, 'base64url')
  const blob = Buffer.concat([field('ssh-ed25519'), field(point)])
  const check = randomBytes(4)
  const secret = Buffer.concat([check, check, blob, field(Buffer.concat([seed, point])), field('')])
  const padding = Buffer.from(Array.from({ length: -secret.length & 7 }, (_, index) => index + 1))
  const body = Buffer.concat([
    Buffer.from('openssh-key-v1\0'),
    field('none'),
    field('none'),
    field(''),
    Buffer.from([0, 0, 0, 1]),
    field(blob),
    field(Buffer.concat([secret, padding])),
  ])
  const lines = body.toString('base64').match(/.{1,70}/g) ?? []
  return {
    privateKey: [
      '-----BEGIN OPENSSH PRIVATE KEY-----',
      ...lines,
      '-----END OPENSSH PRIVATE KEY-----',
      '',
    ].join('\n'),
    publicKey: `ssh-ed25519 ${blob.toString('base64')}`,
  }
}

function field(value: string | Buffer): Buffer {
  const bytes = Buffer.from(value)
  const length = Buffer.alloc(4)
  length.writeUInt32BE(bytes.length)
  return Buffer.concat([length, bytes])
}

/** The host key that user data brings along, if it does. */
export function injectedHostKey(userData: string | null): HostKey | null {
  const block = /-----BEGIN OPENSSH PRIVATE KEY-----[\s\S]+?-----END OPENSSH PRIVATE KEY-----/.exec(
    userData ?? '',
  )?.[0]
  if (block === undefined) return null
  const privateKey = `${block
    .split('\n')
    .map((line) => line.trim())
    .join('\n')}\n`
  const parsed = ssh2.utils.parseKey(privateKey)
  if (parsed instanceof Error) return null
  return { privateKey, publicKey: `${parsed.type} ${parsed.getPublicSSH().toString('base64')}` }
}

/** Null when the text is a usable OpenSSH public key, else the reason. */
export function publicKeyProblem(text: string): string | null {
  const parsed = ssh2.utils.parseKey(text)
  return parsed instanceof Error ? 'The public key cannot be read.' : null
}
