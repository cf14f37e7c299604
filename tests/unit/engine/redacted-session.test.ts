import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { SubletError } from '../../../main/domain/errors.ts'
import { redactedSession } from '../../../main/engine/redacted-session.ts'
import { createRedactor } from '../../../main/logging/redactor.ts'
import type { ProviderSession } from '../../../main/providers/provider.ts'

const key = 'tc_0123456789abcdef'
const signal = new AbortController().signal
const redactor = createRedactor()
redactor.add(key)

const left: string[] = []
/** As an SDK's client is: its methods need their own `this`. */
class Frozen {
  readonly #key = key
  isAsleep = (): boolean => true
  selfTerminateCommand(): string {
    return `end ${this.#key}`
  }
}
const plain = new SubletError('unavailable', 'Nothing is said.')
const session = {
  check: async () => ({ ok: true, identity: `ada, ${key}`, message: 'Fine.', balanceMicros: null }),
  launch: async () => {
    throw new SubletError('unavailable', 'The cloud is busy.', { cause: new Error(`sent ${key}`) })
  },
  offers: () => {
    throw new SubletError('invalid', `No ${key}.`)
  },
  list: async function* () {
    try {
      yield { name: `machine of ${key}` }
    } finally {
      left.push('list')
    }
    throw new SubletError('auth', `No such key: ${key}.`, {
      nativeCode: key,
      retryAfterMs: 5,
      details: { sent: { authorization: `Bearer ${key}` } },
      cause: new Error(key),
    })
  },
  describe: async () => {
    throw plain
  },
  release: async () => ({
    kind: 'receipt',
    receipt: { evidence: [{ asked: `DELETE /m?key=${key}`, answered: `gone, ${key}`, at: 7 }] },
  }),
  releaseBillable: async () => ({
    kind: 'gone',
    evidence: [{ asked: `DELETE /d?key=${encodeURIComponent(key)}`, answered: key, at: 7 }],
  }),
  expiry: { set: async () => key, read: async () => 7 },
} as unknown as ProviderSession

describe('a session of a provider that repeats the key', () => {
  const redacted = redactedSession(session, redactor)

  it('answers without it, in values, rows and capabilities', async () => {
    expect((await redacted.check(signal)).identity).toBe('ada, [secret]')
    expect(await redacted.list(signal)[Symbol.asyncIterator]().next()).toMatchObject({
      value: { name: 'machine of [secret]' },
    })
    expect(await redacted.expiry?.set({} as never, 1, signal)).toBe('[secret]')
    expect(await redacted.expiry?.read({} as never, signal)).toBe(7)
    expect('usage' in redacted).toBe(false)
  })

  it('gives receipts whose evidence says what was asked and answered, without the key', async () => {
    expect(await redacted.release({} as never, signal)).toMatchObject({
      receipt: {
        evidence: [{ asked: 'DELETE /m?key=[secret]', answered: 'gone, [secret]', at: 7 }],
      },
    })
    expect(await redacted.releaseBillable?.({} as never, signal)).toMatchObject({
      evidence: [{ asked: 'DELETE /d?key=[secret]', answered: '[secret]', at: 7 }],
    })
  })

  it('fails without it, and keeps code and pause', async () => {
    const rows = redacted.list(signal)[Symbol.asyncIterator]()
    await rows.next()
    const error = await rows.next().catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: 'auth', message: 'No such key: [secret].' })
    expect(error).toBeInstanceOf(SubletError)
    expect((error as SubletError).extras).toEqual({
      nativeCode: '[secret]',
      retryAfterMs: 5,
      details: { sent: { authorization: 'Bearer [secret]' } },
      cause: new Error('[secret]'),
    })
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain(key)
  })

  it('fails without it where only the cause says it', async () => {
    const error = await redacted.launch({} as never, signal).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: 'unavailable', message: 'The cloud is busy.' })
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain(key)
  })

  it('says also before the first row why there are none, and hides the key', async () => {
    const rows = redacted.offers({}, signal)[Symbol.asyncIterator]()
    await expect(rows.next()).rejects.toMatchObject({ code: 'invalid', message: 'No [secret].' })
  })

  it('stops the provider’s own listing when its reader leaves', async () => {
    left.length = 0
    for await (const _ of redacted.list(signal)) break
    expect(left).toEqual(['list'])
  })

  it('is of use where the provider’s session is frozen, a class, or has less', () => {
    const once = redactedSession(
      Object.freeze(new Frozen() as unknown as ProviderSession),
      redactor,
    )
    expect(once.isAsleep?.()).toBe(true)
    expect(once.selfTerminateCommand?.({} as never)).toBe('end [secret]')
    expect(once.expiry).toBeUndefined()
    expect('expiry' in once).toBe(false)
    expect('releaseBillable' in once).toBe(false)
  })

  it('fails with the error itself where there is nothing to take out', async () => {
    await expect(redacted.describe({} as never, signal)).rejects.toBe(plain)
  })
})
