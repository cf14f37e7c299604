import ssh2 from 'ssh2'

/** A machine's SSH host key: private in OpenSSH's format, public as `ssh-ed25519 AAAA…`. */
export interface HostKey {
  readonly privateKey: string
  readonly publicKey: string
}

export function newHostKey(): HostKey {
  const pair = ssh2.utils.generateKeyPairSync('ed25519')
  return { privateKey: pair.private, publicKey: withoutComment(pair.public) }
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

const withoutComment = (publicKey: string): string => publicKey.split(' ').slice(0, 2).join(' ')
