import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SubletError } from '../../../main/domain/errors.ts'
import type { Machine } from '../../../main/machine/machine.ts'
import { connectMachine } from '../../../main/machine/ssh/connect.ts'
import { Acknowledged } from '../../../main/transfer/acknowledged.ts'
import { freeze } from '../../../main/transfer/freeze.ts'
import type { FrozenManifest } from '../../../main/transfer/frozen.ts'
import { MirrorState } from '../../../main/transfer/mirror-state.ts'
import { receiveTree } from '../../../main/transfer/collect.ts'
import { scanTree } from '../../../main/transfer/scan.ts'
import { sendTree } from '../../../main/transfer/send.ts'
import { memoryPins } from '../../support/host-key-pins.ts'
import { randomFile } from '../../support/random-file.ts'
import { startSshd } from '../../support/sshd.ts'
import { treeHashes } from '../../support/training-job.ts'
import { broke, held, type Injection } from '../fault-class.ts'
import { cuttingProxy, type CuttingProxy } from './cutting-proxy.ts'
import { randomCuts } from './random-cuts.ts'

const KIB = 1024
const MIB = 1024 * KIB

/** What travels: sizes of files in bytes. */
export interface Payload {
  readonly name: string
  readonly sizes: readonly number[]
}

export const largeFile: Payload = { name: 'one large file', sizes: [32 * MIB] }
export const smallFiles: Payload = {
  name: 'many small files',
  sizes: Array.from({ length: 3_000 }, (_, index) => (1 + (index % 16)) * KIB),
}
export const mixedFiles: Payload = {
  name: 'a mixture',
  sizes: [17 * MIB, 6 * MIB, 4 * MIB, 3 * MIB, 2 * MIB, ...smallFiles.sizes.slice(0, 400)],
}

export interface CutPlan {
  readonly payload: Payload
  readonly direction: 'up' | 'down'
  readonly cuts: number
}

/**
 * Carries each payload over a real sshd once in peace and once through its cuts, and compares what
 * went over the wire. Every cut may cost one window and a new connection.
 */
export async function* transferCuts(
  plans: readonly CutPlan[],
  random: () => number,
): AsyncGenerator<Injection> {
  const base = await mkdtemp(join(tmpdir(), 'sublet-cuts-'))
  const sshd = await startSshd()
  const proxy = await cuttingProxy(sshd.port)
  const target = { ...(await sshd.target()), port: proxy.port }
  const acknowledged = new Acknowledged()
  const connect = (): Promise<Machine> => connectMachine(target, {}, memoryPins())
  try {
    for (const [index, plan] of plans.entries()) {
      const dir = join(base, String(index))
      const source = join(dir, 'source')
      await writePayload(source, plan.payload)
      const wanted = JSON.stringify(await treeHashes(source))
      const { manifest } = await scanTree(source, { ignore: 'data' })
      const frozen = await freeze(manifest, join(dir, 'blobs'))
      const carry = async (name: string, cutAfterBytes: readonly number[]): Promise<Carried> => {
        const remote = `${index}-${name}`
        const arrived = plan.direction === 'up' ? join(sshd.home, remote) : join(dir, name)
        if (plan.direction === 'down') await inPeace(connect, frozen, remote)
        proxy.plan(cutAfterBytes)
        await untilDone(async () => {
          const machine = await connect()
          try {
            if (plan.direction === 'up')
              await sendTree(machine, frozen, remote, { acknowledged, parallel: 1 })
            else {
              const state = await MirrorState.open(join(dir, `${name}.state`))
              await receiveTree(machine, remote, arrived, { state, verify: true, parallel: 1 })
            }
          } finally {
            machine.close()
          }
        })
        return { bytes: wireBytes(proxy, plan), cuts: proxy.cuts, same: await sameTree(arrived) }
      }
      const sameTree = async (arrived: string): Promise<boolean> =>
        JSON.stringify(await treeHashes(arrived)) === wanted
      const peace = await carry('peace', [])
      const cuts = randomCuts(random, plan.cuts, peace.bytes)
      yield judge(plan, cuts, peace, await carry('cut', cuts))
      await rm(dir, { recursive: true, force: true })
      await rm(join(sshd.home, `${index}-peace`), { recursive: true, force: true })
      await rm(join(sshd.home, `${index}-cut`), { recursive: true, force: true })
    }
  } finally {
    await proxy.close()
    await sshd.stop()
    await rm(base, { recursive: true, force: true })
  }
}

interface Carried {
  /** In the payload's direction, all connections together. */
  readonly bytes: number
  readonly cuts: number
  readonly same: boolean
}

/**
 * What a cut may cost: the 2 MiB that one SSH channel lets be on its way, and a new connection with
 * its listing; up besides what had arrived while its acknowledgement had not. Less than a window.
 */
const perCutBytes = { up: 4 * MIB, down: 2.5 * MIB } as const

function judge(
  { payload, direction, cuts: planned }: CutPlan,
  cutAfterBytes: readonly number[],
  peace: Carried,
  cut: Carried,
): Injection {
  const what = `${payload.name} ${direction}, cut after ${cutAfterBytes.join(', ')} bytes`
  const again = cut.bytes - peace.bytes
  const facts = `${inMib(again)} MiB of ${inMib(peace.bytes)} MiB again after ${cut.cuts} cuts`
  if (!peace.same || !cut.same) return broke(what, 'bytes differ', { lost: 1 })
  if (cut.cuts !== planned) return broke(what, `only ${cut.cuts} of ${planned} cuts happened`)
  const allowed = cut.cuts * perCutBytes[direction]
  if (again > allowed) return broke(what, `${facts}, more than ${inMib(allowed)} MiB`)
  return held(`${payload.name} ${direction}: ${facts}`, cut.cuts)
}

function inMib(bytes: number): string {
  return (bytes / MIB).toFixed(1)
}

function wireBytes({ bytesUp, bytesDown }: CuttingProxy, { direction }: CutPlan): number {
  return direction === 'up' ? bytesUp : bytesDown
}

async function inPeace(
  connect: () => Promise<Machine>,
  frozen: FrozenManifest,
  remote: string,
): Promise<void> {
  const machine = await connect()
  try {
    await sendTree(machine, frozen, remote)
  } finally {
    machine.close()
  }
}

/** As the engine does: again, for as long as the machine only cannot be reached. */
async function untilDone(once: () => Promise<void>): Promise<void> {
  for (;;) {
    try {
      await once()
      return
    } catch (thrown) {
      if (!(thrown instanceof SubletError) || thrown.code !== 'unreachable') throw thrown
    }
  }
}

async function writePayload(dir: string, { sizes }: Payload): Promise<void> {
  await mkdir(dir, { recursive: true })
  for (const [index, bytes] of sizes.entries()) {
    const folder = join(dir, `part-${index % 7}`)
    if (index < 7) await mkdir(folder, { recursive: true })
    randomFile(join(folder, `file-${index}.bin`), bytes)
  }
}
