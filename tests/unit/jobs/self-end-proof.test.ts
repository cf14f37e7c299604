import { expect, it } from 'vitest'
import type { RentalRecord } from '../../../main/domain/rental/record.ts'
import { withProvenHook } from '../../../main/jobs/self-end-proof.ts'
import type { LeaseStatus } from '../../../main/machine/supervisor/protocol.ts'

const forever = new AbortController().signal
const lease = { hook: true, watchdog: true } as LeaseStatus
const rental = { id: 'sublet-x', offer: { region: '' } } as unknown as RentalRecord

/** A machine where every command ends with this code. */
function machineOf(exitCode: number) {
  const commands: string[] = []
  const exec = async (command: string) => {
    commands.push(command)
    return { exitCode, stdout: '', stderr: '' }
  }
  return { exec, commands }
}

it('takes a way to end itself for none that fails when it is tried', async () => {
  const session = { selfTerminateProof: () => "it's tried" }
  const [good, bad] = [machineOf(0), machineOf(22)]
  expect((await withProvenHook(lease, good, session, rental, forever)).hook).toBe(true)
  expect((await withProvenHook(lease, bad, session, rental, forever)).hook).toBe(false)
  expect(good.commands).toEqual([`sh -c 'it'\\''s tried'`])
})

it('takes the lease as it is where there is nothing to try', async () => {
  const machine = machineOf(22)
  expect(await withProvenHook(lease, machine, {}, rental, forever)).toBe(lease)
  expect(machine.commands).toEqual([])
})
