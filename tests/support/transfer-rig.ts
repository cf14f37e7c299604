import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Machine } from '../../main/machine/machine.ts'
import { connectMachine } from '../../main/machine/ssh/connect.ts'
import { freeze } from '../../main/transfer/freeze.ts'
import type { FrozenManifest } from '../../main/transfer/frozen.ts'
import { MirrorState } from '../../main/transfer/mirror-state.ts'
import { scanTree, type ScanResult } from '../../main/transfer/scan.ts'
import { memoryPins } from './host-key-pins.ts'
import { startSshd, type SshdOptions, type TestSshd } from './sshd.ts'

/** A real sshd, a connection to it, and folders for one test file. */
export interface TransferRig {
  readonly sshd: TestSshd
  readonly machine: Machine
  /** A fresh local folder. */
  folder(name: string): Promise<string>
  connect(): Promise<Machine>
  /** Scans and freezes a data folder. */
  freeze(root: string): Promise<{ readonly frozen: FrozenManifest; readonly scan: ScanResult }>
  /** A mirror state that a second call with the same name reads again. */
  state(name: string): Promise<MirrorState>
  stop(): Promise<void>
}

export async function startTransferRig(options: SshdOptions = {}): Promise<TransferRig> {
  const sshd = await startSshd(options)
  const base = await mkdtemp(join(tmpdir(), 'sublet-transfer-'))
  const machines: Machine[] = []
  const connect = async (): Promise<Machine> => {
    const machine = await connectMachine(await sshd.target(), {}, memoryPins())
    machines.push(machine)
    return machine
  }
  const machine = await connect()
  return {
    sshd,
    machine,
    connect,
    folder: async (name) => await mkdtemp(join(base, `${name}-`)),
    freeze: async (root) => {
      const scan = await scanTree(root, { ignore: 'data' })
      return { scan, frozen: await freeze(scan.manifest, join(base, 'blobs')) }
    },
    state: async (name) => await MirrorState.open(join(base, `${name}.state`)),
    stop: async () => {
      for (const each of machines) each.close()
      await sshd.stop()
      await rm(base, { recursive: true, force: true })
    },
  }
}
