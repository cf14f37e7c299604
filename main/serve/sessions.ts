import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'

/**
 * Who may use the browser host. A link's token opens one session and is used up by it; a session
 * lasts until the host ends. Both live in memory only.
 */
export class Sessions {
  #tokens: Buffer[] = []
  readonly #sessions: Buffer[] = []

  /** A new token for one link. */
  newToken(): string {
    const token = secret()
    this.#tokens.push(digest(token))
    return token
  }

  /** The session that this token opens; null when it was never given out or is used up. */
  redeem(token: string): string | null {
    const wanted = digest(token)
    const found = find(this.#tokens, wanted)
    if (found === undefined) return null
    this.#tokens = this.#tokens.filter((one) => one !== found)
    const session = secret()
    this.#sessions.push(digest(session))
    return session
  }

  isOpen(session: string): boolean {
    return find(this.#sessions, digest(session)) !== undefined
  }
}

function secret(): string {
  return randomBytes(32).toString('base64url')
}

function digest(value: string): Buffer {
  return createHash('sha256').update(value).digest()
}

function find(known: readonly Buffer[], wanted: Buffer): Buffer | undefined {
  return known.find((one) => timingSafeEqual(one, wanted))
}
