import { expect, test } from 'vitest'
import { SessionSlots } from '../../../main/machine/ssh/session-slots.ts'

test('waiting callers get their turn in order, and a slot given back twice counts once', async () => {
  const slots = new SessionSlots(2)
  const order: number[] = []
  const first = await slots.acquire()
  const second = await slots.acquire()
  const waiting = [3, 4, 5].map(async (n) => {
    const release = await slots.acquire()
    order.push(n)
    release()
  })
  first()
  first()
  await Promise.all(waiting)
  expect(order).toEqual([3, 4, 5])
  second()
})

test('an abort while waiting leaves the queue to the others', async () => {
  const slots = new SessionSlots(1)
  const release = await slots.acquire()
  const stop = new AbortController()
  const given = slots.acquire(stop.signal)
  const patient = slots.acquire()
  stop.abort(new Error('enough'))
  await expect(given).rejects.toThrow('enough')
  release()
  expect(await patient).toBeTypeOf('function')
})

test('after a refusal fewer run at once, until the burst is over; with one alone there is no fewer', async () => {
  const slots = new SessionSlots(3)
  const held = [await slots.acquire(), await slots.acquire()]
  expect(slots.shrink()).toBe(true)
  let entered = false
  const third = slots.acquire().then((release) => {
    entered = true
    return release
  })
  held[0]?.()
  await Promise.resolve()
  expect(entered).toBe(false)
  held[1]?.()
  const last = await third
  expect(slots.shrink()).toBe(false)
  last()
  const again = await Promise.all([slots.acquire(), slots.acquire(), slots.acquire()])
  expect(again).toHaveLength(3)
})
