import { expect, test } from 'vitest'
import { AcknowledgedByMachine } from '../../../main/transfer/acknowledged.ts'

test('what a machine acknowledged is known until the machine is gone, and then no more', () => {
  const acknowledged = new AcknowledgedByMachine()
  for (let index = 0; index < 1_000; index += 1) {
    acknowledged.of(`sublet-${index}`).reached('mark', index)
    expect(acknowledged.of(`sublet-${index}`).offset('mark')).toBe(index)
    acknowledged.forget(`sublet-${index}`)
  }
  expect(acknowledged.size).toBe(0)
  expect(acknowledged.of('sublet-7').offset('mark')).toBe(0)
})
