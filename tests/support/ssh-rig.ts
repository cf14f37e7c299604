import type { Machine } from '../../main/machine/machine.ts'
import { connectMachine, type ConnectOptions } from '../../main/machine/ssh/connect.ts'
import { memoryPins } from './host-key-pins.ts'
import { startSshd, type SshdOptions, type TestSshd } from './sshd.ts'

/** Servers and connections of one test file; call `close` after each test. */
export interface SshRig {
  readonly setUp: (
    options?: SshdOptions,
    connect?: ConnectOptions,
  ) => Promise<{ readonly sshd: TestSshd; readonly machine: Machine }>
  /** Closes a connection that the test made itself. */
  readonly keep: (machine: Machine) => Machine
  readonly close: () => Promise<void>
}

/** Makes the rig of one test file. */
export function sshRig(): SshRig {
  const sshds: TestSshd[] = []
  const machines: Machine[] = []
  const keep = (machine: Machine): Machine => {
    machines.push(machine)
    return machine
  }
  return {
    keep,
    setUp: async (options = {}, connect = {}) => {
      const sshd = await startSshd(options)
      sshds.push(sshd)
      return {
        sshd,
        machine: keep(await connectMachine(await sshd.target(), {}, memoryPins(), connect)),
      }
    },
    close: async () => {
      for (const machine of machines.splice(0)) machine.close()
      for (const sshd of sshds.splice(0)) await sshd.stop()
    },
  }
}
