import { createHash } from 'node:crypto'
import { missing, ok, unprocessable } from './digitalocean-answers.ts'
import type { FakeAnswer } from './fake-server.ts'

interface Key {
  readonly id: number
  readonly fingerprint: string
  readonly name: string
  readonly public_key: string
}

/** The SSH keys of a fake account: each at most once. */
export class DigitalOceanKeys {
  readonly all: Key[] = []
  #made = 0

  add(body: Readonly<Record<string, unknown>>): FakeAnswer {
    const publicKey = String(body['public_key'])
    if (this.all.some((key) => key.public_key === publicKey))
      return unprocessable('SSH Key is already in use on your account')
    this.#made += 1
    const key = {
      id: 512_000 + this.#made,
      fingerprint: fingerprint(publicKey),
      name: String(body['name']),
      public_key: publicKey,
    }
    this.all.push(key)
    return ok({ ssh_key: key }, 201)
  }

  byFingerprint(wanted: string): FakeAnswer {
    const key = this.all.find((one) => one.fingerprint === wanted)
    return key === undefined ? missing : ok({ ssh_key: key })
  }
}

function fingerprint(publicKey: string): string {
  const key = Buffer.from(publicKey.split(' ')[1] ?? '', 'base64')
  return createHash('md5')
    .update(key)
    .digest('hex')
    .replaceAll(/..(?!$)/g, '$&:')
}
