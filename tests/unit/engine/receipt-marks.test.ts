import { expect, test } from 'vitest'
import type { RentalId } from '../../../preload/contract/rental.ts'
import { ReceiptMarks } from '../../../main/engine/radar/receipt-marks.ts'

const idOf = (index: number): RentalId => `sublet-${String(index).padStart(26, '0')}`
const answer = async (marks: ReceiptMarks, ...ids: readonly RentalId[]) => {
  const revision = await marks.ask(async (at) => at)
  return { revision, rows: ids.map((rentalId) => ({ rentalId })) }
}

test('a receipt is remembered while an older answer shows its machine, and no longer', async () => {
  const marks = new ReceiptMarks()
  const old = await answer(marks, idOf(1))
  marks.released(idOf(1))
  marks.released(idOf(2))
  marks.prune([old])
  expect(marks.isBefore(old.revision, idOf(1))).toBe(true)
  expect(marks.size).toBe(1)
  const fresh = await answer(marks, idOf(1))
  marks.prune([fresh])
  expect(marks.isBefore(fresh.revision, idOf(1))).toBe(false)
  expect(marks.size).toBe(0)
})

test('a receipt is remembered while an older question is under way', async () => {
  const marks = new ReceiptMarks()
  const asked = Promise.withResolvers<undefined>()
  const question = marks.ask(async (revision) => {
    await asked.promise
    return revision
  })
  marks.released(idOf(1))
  marks.prune([])
  asked.resolve(undefined)
  expect(marks.isBefore(await question, idOf(1))).toBe(true)
  marks.prune([])
  expect(marks.size).toBe(0)
})

test('ten thousand machines leave nothing behind', async () => {
  const marks = new ReceiptMarks()
  for (let index = 0; index < 10_000; index += 1) {
    marks.released(idOf(index))
    if (index % 100 === 0) marks.prune([await answer(marks)])
  }
  marks.prune([await answer(marks)])
  expect(marks.size).toBe(0)
})
