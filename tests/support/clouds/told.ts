import { injectedHostKey } from '../../../sandbox-cloud/host-key.ts'
import type { KeyPair } from '../../../main/machine/ssh/keys.ts'
import type { FakeRequest } from './fake-server.ts'

/** What a request tells about the machine to come, wherever and however encoded it stands. */
export interface Told {
  /** Public keys that may log in. */
  readonly loginKeys: readonly string[]
  /** The host key of its user data. */
  readonly hostKey: KeyPair | null
}

/** Looks into a request as a cloud's machine would into what it is started with. */
export function toldBy({ body }: FakeRequest): Told {
  const texts = [...textsIn(body, 6)]
  const hostKey = texts.map((text) => injectedHostKey(text)).find((key) => key !== null) ?? null
  const keys = texts.flatMap((text) => text.match(/ssh-ed25519 [A-Za-z0-9+/]{68}/g) ?? [])
  return {
    loginKeys: [...new Set(keys)].filter((key) => key !== hostKey?.publicKey),
    hostKey,
  }
}

/** Every text in a value, and what is in it as JSON, cloud-config, form or base64. */
function* textsIn(value: unknown, depth: number): Generator<string> {
  if (depth === 0) return
  if (typeof value === 'object' && value !== null) {
    for (const one of Object.values(value)) yield* textsIn(one, depth)
    return
  }
  if (typeof value !== 'string') return
  yield value
  const inside = parsed(value.replace(/^#cloud-config\n/, ''))
  if (inside !== null) yield* textsIn(inside, depth - 1)
  if (/^[\w.]+=\S*&/.test(value)) {
    yield* textsIn([...new URLSearchParams(value).values()], depth - 1)
  }
  if (/^[A-Za-z0-9+/\n]{64,}=*\n?$/.test(value)) {
    yield* textsIn(Buffer.from(value, 'base64').toString('utf8'), depth - 1)
  }
}

function parsed(text: string): object | null {
  if (!/^\s*[{[]/.test(text)) return null
  try {
    return JSON.parse(text) as object
  } catch {
    return null // It only began like JSON.
  }
}
