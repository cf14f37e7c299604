import { describe, expect, it } from 'vitest'
import { promisedVerdict, stopVerdict, whyNot } from '../../../main/domain/lease.ts'

const endBy = 1_000_000_000
const read = (endsAt: number) => ({ kind: 'read', endsAt }) as const
const none = { kind: 'none', because: 'This provider has no expiry.' } as const

describe('stop verdict', () => {
  it('is yes only for a level elsewhere that was read back in time', () => {
    const both = stopVerdict(
      { provider: read(endBy), machine: read(endBy - 5_000), client: read(endBy) },
      endBy,
    )
    expect(both).toMatchObject({ stopsByItself: true, endsAt: endBy - 5_000 })
    expect(whyNot(both)).toBeNull()
    const alone = stopVerdict({ provider: none, machine: none, client: read(endBy) }, endBy)
    expect(alone).toMatchObject({ stopsByItself: false, endsAt: null })
    expect(alone.levels.map((level) => level.holds)).toEqual([false, false, true])
    expect(whyNot(alone)).toContain('no expiry')
  })

  it('does not count a level that ends too late', () => {
    const late = stopVerdict(
      { provider: none, machine: read(endBy + 600_000), client: none },
      endBy,
    )
    expect(late.stopsByItself).toBe(false)
    expect(late.levels[1]?.because).toBe('It would end 10 min too late.')
  })

  it('promises what the provider says of itself', () => {
    const able = { expiry: 'No.', selfTermination: true, client: true } as const
    expect(promisedVerdict(able, endBy)).toMatchObject({ stopsByItself: true, endsAt: endBy })
    expect(promisedVerdict({ ...able, selfTermination: 'No.' }, endBy).stopsByItself).toBe(false)
  })
})
