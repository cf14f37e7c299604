import { expect, it } from 'vitest'
import type { RentalEvent } from '../../../main/domain/rental/events.ts'
import { beginRental } from '../../../main/domain/rental/begin.ts'
import { rentalTransition } from '../../../main/domain/rental/record.ts'
import { rentalRef } from '../../../main/jobs/rental-ref.ts'
import { now } from '../../support/fake-facts.ts'
import { intended } from '../../support/rental-events.ts'

const begun = beginRental('sublet-01k9zzzzzzzzzzzzzzzzzzzzzz', intended(), now)
const after = (...events: RentalEvent[]) =>
  rentalRef(
    events.reduce((one, event, index) => rentalTransition(one, event, now + index + 1), begun),
  )
const issued: RentalEvent = { kind: 'launch-issued' }
const launched: RentalEvent = {
  kind: 'launched',
  instanceId: 'i-1',
  billedFrom: null,
  gpuIndices: null,
}

it('does not take the answer to a launch for having been shown', () => {
  expect(after(issued, launched)).toMatchObject({ seen: false, launchedAt: now + 2 })
  const ssh = { host: '127.0.0.1', port: 22, user: 'ubuntu', hostKeys: [] }
  expect(after(issued, launched, { kind: 'reachable', ssh }).seen).toBe(true)
})

it('waits for a call that nobody heard the end of as long as a call may take', () => {
  expect(after(issued).launchedAt).toBe(now + 1 + 30_000)
  expect(after(issued, { kind: 'launch-unanswered' }).launchedAt).toBe(now + 2)
})

it('waits for nothing where the only call was refused', () => {
  const error = { code: 'no-capacity' as const, message: 'None is free.' }
  expect(after(issued, { kind: 'launch-refused', error }).launchedAt).toBe(0)
})
