import { expect, it } from 'vitest'
import { SubletError } from '../../../main/domain/errors.ts'
import { readVerdict } from '../../../main/jobs/lease-verdict.ts'
import type { Capabilities, ProviderSession } from '../../../main/providers/provider.ts'
import { beginRental } from '../../../main/domain/rental/begin.ts'
import { now } from '../../support/fake-facts.ts'
import { intended } from '../../support/rental-events.ts'
import { rentalId } from '../../support/runner-rig.ts'
import { steppingClock } from '../../support/stepping-clock.ts'

it('believes the machine however long the provider takes to answer', async () => {
  const clock = steppingClock(now)
  const signal = new AbortController().signal
  const silent = async (): Promise<never> => {
    await clock.sleep(10 * 60_000)
    throw new SubletError('unavailable', 'No answer.')
  }
  const rental = beginRental(rentalId, intended(now + 3_600_000), now)
  const verdict = await readVerdict(
    rental,
    { expiry: { read: silent, set: silent } } as unknown as ProviderSession,
    { expiry: true, selfTermination: true } as Capabilities,
    true,
    { hook: true, watchdog: true, remainingS: 3_600 } as Parameters<typeof readVerdict>[4],
    clock,
    signal,
  )
  expect(verdict.stopsByItself).toBe(true)
  expect(verdict.levels.find(({ level }) => level === 'machine')?.holds).toBe(true)
})
