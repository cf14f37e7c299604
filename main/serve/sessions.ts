import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'

/** What a link gives to a browser: a cookie for the pages, and a key that only the page can read. */
export interface Session {
  readonly cookie: string
  /** Browsers show cookies to every port of 127.0.0.1; this they keep to our own origin. */
  readonly key: string
}

/**
 * Who may use the browser host. A link's token opens one session and is used up by it; a session
 * lasts until the host ends. Both live in memory only, as hashes.
 */
export class Sessions {
  #tokens: Buffer[] = []
  readonly #cookies: Buffer[] = []
  readonly #pairs: Buffer[] = []

  /** A new token for one link. */
  newToken(): string {
    const token = secret()
    this.#tokens.push(digest(token))
    return token
  }

  /** The session that this token opens; null when it was never given out or is used up. */
  redeem(token: string): Session | null {
    const wanted = digest(token)
    const found = find(this.#tokens, wanted)
    if (found === undefined) return null
    this.#tokens = this.#tokens.filter((one) => one !== found)
    const session = { cookie: secret(), key: secret() }
    this.#cookies.push(digest(session.cookie))
    this.#pairs.push(digest(pair(session)))
    return session
  }

  /** Whether a cookie lets its browser read the page. */
  maySee(cookie: string): boolean {
    return find(this.#cookies, digest(cookie)) !== undefined
  }

  /** Whether both together let a page reach the engine. */
  mayAct(session: Session): boolean {
    return find(this.#pairs, digest(pair(session))) !== undefined
  }
}

function pair({ cookie, key }: Session): string {
  return `${cookie} ${key}`
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
