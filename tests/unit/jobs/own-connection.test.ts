import { expect, it } from 'vitest'
import { SubletError } from '../../../main/domain/errors.ts'
import { OwnConnection } from '../../../main/jobs/own-connection.ts'
import type { Machine } from '../../../main/machine/machine.ts'

const signal = new AbortController().signal

/** A machine of which only connections are asked. */
function fakeMachine(another: () => Promise<Machine>): Machine & { readonly cut: () => void } {
  const lost = new AbortController()
  const part = { another, lost: lost.signal, close: () => lost.abort(), cut: () => lost.abort() }
  return part as unknown as Machine & { readonly cut: () => void }
}

it('gives bulk a connection of its own, one for all passes, and another one after a cut', async () => {
  const made: (Machine & { readonly cut: () => void })[] = []
  const first = fakeMachine(async () => {
    const one = fakeMachine(async () => first)
    made.push(one)
    return one
  })
  const own = new OwnConnection(first)
  expect(await own.get(signal)).toBe(made[0])
  expect(await own.get(signal)).toBe(made[0])
  made[0]?.cut()
  expect(await own.get(signal)).toBe(made[1])
  own.close()
  expect([made[1]?.lost.aborted, first.lost.aborted]).toEqual([true, false])
})

it('takes the first one where the server allows no more', async () => {
  const first = fakeMachine(async () => {
    throw new SubletError('unreachable', 'No more sessions.')
  })
  expect(await new OwnConnection(first).get(signal)).toBe(first)
})
