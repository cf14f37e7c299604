import { assert, integer, property } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cost } from '../../../main/domain/billing.ts'
import { releaseMs } from '../../../main/domain/budget.ts'
import { extended, type ExtensionFacts } from '../../../main/domain/extension.ts'
import { micros, now, offer } from '../../support/fake-facts.ts'

const hourMs = 3_600_000

function facts(change: Partial<ExtensionFacts['terms']> = {}): ExtensionFacts {
  return {
    now,
    terms: {
      ceiling: { microsPerHour: micros(1_000_000), micros: micros(2_000_000), endBy: now + hourMs },
      budgetMicros: null,
      maxDurationMs: hourMs,
      endBy: now + hourMs,
      ...change,
    },
    rental: { offer, billedFrom: now - hourMs, spentBeforeMicros: 0, egressBytes: 0 },
  }
}

describe('an extension', () => {
  it('moves end, longest duration and the most it may cost', () => {
    const { terms, moreMicros } = extended({ byMs: 2 * hourMs }, facts())
    expect(terms).toEqual({
      ceiling: { microsPerHour: 1_000_000, micros: 4_000_000, endBy: now + 3 * hourMs },
      budgetMicros: null,
      maxDurationMs: 3 * hourMs,
      endBy: now + 3 * hourMs,
    })
    // At this machine's own price, which is below the ceiling's.
    expect(moreMicros).toBe(1_600_000)
  })

  it.each([
    [{ byMs: 1, endBy: now }, /either/],
    [{}, /how much longer/],
    [{ endBy: now + hourMs }, /later time/],
    [{ budgetMicros: 5 }, /no budget/],
    [{ byMs: 400 * 24 * hourMs }, /a year/],
  ])('refuses %o', (wish, sentence) => {
    expect(() => extended(wish, facts())).toThrow(sentence)
  })

  it('needs the budget raised by exactly what it names, or a cent more at most', () => {
    assert(
      property(integer({ min: 60_000, max: 40 * hourMs }), (byMs) => {
        const limited = facts({ budgetMicros: micros(1_700_000) })
        const least = leastFor(byMs, limited)
        if (least === null) {
          extended({ byMs }, limited)
          return
        }
        const { terms } = extended({ byMs, budgetMicros: least }, limited)
        expect(terms.budgetMicros).toBe(least)
        const { billing, microsPerHour, diskGiB } = offer
        const until = terms.endBy + releaseMs
        const bill = cost(billing, microsPerHour, diskGiB, 0, now - hourMs, until).totalMicros
        expect(bill).toBeLessThanOrEqual(least)
        expect(least - bill).toBeLessThan(20_000)
      }),
    )
  })

  it('by money alone lasts as long as that does, up to the confirmed end', () => {
    const limited = facts({ budgetMicros: micros(900_000), endBy: now + 60_000 })
    const { terms } = extended({ budgetMicros: micros(1_200_000) }, limited)
    expect(terms.endBy).toBeGreaterThan(now + 60_000)
    expect(terms.endBy).toBeLessThan(now + hourMs)
    const plenty = extended({ budgetMicros: micros(90_000_000) }, limited)
    expect(plenty.terms.endBy).toBe(now + hourMs)
  })
})

function leastFor(byMs: number, limited: ExtensionFacts): number | null {
  try {
    extended({ byMs }, limited)
    return null
  } catch (thrown) {
    const { extras } = thrown as { extras: { details?: Record<string, unknown> } }
    return Number(extras.details?.['leastMicros'])
  }
}
