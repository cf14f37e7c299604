import { execFileSync, spawnSync } from 'node:child_process'
import {
  appendFileSync,
  closeSync,
  existsSync,
  openSync,
  readdirSync,
  truncateSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { receiveTree } from '../../main/transfer/collect.ts'
import { freeze } from '../../main/transfer/freeze.ts'
import { scanTree } from '../../main/transfer/scan.ts'
import { Acknowledged } from '../../main/transfer/acknowledged.ts'
import { CHUNK_BYTES, SENDS_IN_FLIGHT } from '../../main/transfer/window.ts'
import { sendTree } from '../../main/transfer/send.ts'
import { eventually } from '../support/eventually.ts'
import { describeTree } from '../support/hard-tree.ts'
import { randomFile } from '../support/random-file.ts'
import { sshdAvailable } from '../support/sshd.ts'
import { startTransferRig, type TransferRig } from '../support/transfer-rig.ts'

const MIB = 1024 * 1024

function mayMount(): boolean {
  if (process.getuid?.() === 0 && process.platform === 'linux') return true
  process.stderr.write(
    'SKIPPED: tests of full disks mount a small tmpfs, for which they must run as root.\n',
  )
  return false
}

function fillUp(disk: string): void {
  const file = openSync(join(disk, 'filler'), 'w')
  try {
    for (;;) writeSync(file, Buffer.alloc(MIB))
  } catch (error) {
    expect(error).toMatchObject({ code: 'ENOSPC' })
  } finally {
    closeSync(file)
  }
}

describe.skipIf(!sshdAvailable())('transfers that fail', () => {
  let rig: TransferRig
  const mounts: string[] = []

  beforeAll(async () => {
    rig = await startTransferRig()
  })
  afterEach(async () => {
    for (const mount of mounts.splice(0)) {
      // The machine closes its last file a moment after the transfer has ended.
      const unmounted = (): boolean => spawnSync('umount', [mount]).status === 0
      await eventually(unmounted, { what: `${mount} to be free` })
    }
  })
  afterAll(async () => await rig.stop())

  async function smallDisk(path: string, mib: number): Promise<string> {
    await mkdir(path, { recursive: true })
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${mib}m`, 'tmpfs', path])
    mounts.push(path)
    return path
  }

  it('goes on after a cut where the machine acknowledged, in both directions', async () => {
    const source = await rig.folder('cut')
    randomFile(join(source, 'big.bin'), 64 * MIB)
    writeFileSync(join(source, 'small.txt'), 'small')
    const { frozen } = await rig.freeze(source)
    const cut = await rig.connect()
    const acknowledged = new Acknowledged()
    const failed = sendTree(cut, frozen, 'cut', {
      acknowledged,
      onProgress: ({ bytesDone }) => {
        if (bytesDone > 40 * MIB) rig.sshd.cut()
      },
    })
    await expect(failed).rejects.toMatchObject({ code: 'unreachable' })

    const report = await sendTree(await rig.connect(), frozen, 'cut', { acknowledged })
    // 40 MiB had been acknowledged, but for a window.
    expect(report.bytesSent).toBeLessThan(24 * MIB + SENDS_IN_FLIGHT * CHUNK_BYTES)
    expect(report.bytesSkipped).toBeGreaterThan(40 * MIB - SENDS_IN_FLIGHT * CHUNK_BYTES)
    expect(describeTree(join(rig.sshd.home, 'cut'))).toEqual(describeTree(source))

    const home = await rig.folder('cut-home')
    const received = receiveTree(await rig.connect(), 'cut', home, {
      state: await rig.state('cut'),
      verify: true,
      onProgress: ({ bytesDone }) => {
        if (bytesDone > 40 * MIB) rig.sshd.cut()
      },
    })
    await expect(received).rejects.toMatchObject({ code: 'unreachable' })
    const got = await receiveTree(await rig.connect(), 'cut', home, {
      state: await rig.state('cut'),
      verify: true,
    })
    expect(got.bytesReceived).toBeLessThan(48 * MIB)
    expect(got.verified).toBe(true)
    expect(describeTree(home)).toEqual(describeTree(source))
  })

  it('stops at once when cancelled, and goes on later', async () => {
    const source = await rig.folder('abort')
    randomFile(join(source, 'big.bin'), 48 * MIB)
    const { frozen } = await rig.freeze(source)
    const stop = new AbortController()
    const machine = await rig.connect()
    const failed = sendTree(machine, frozen, 'abort', {
      signal: stop.signal,
      onProgress: ({ bytesDone }) => {
        if (bytesDone > 16 * MIB) stop.abort()
      },
    })
    await expect(failed).rejects.toMatchObject({ name: 'AbortError' })
    const report = await sendTree(machine, frozen, 'abort', { parallel: 3 })
    expect(report.bytesSkipped).toBeGreaterThan(8 * MIB)
    expect(describeTree(join(rig.sshd.home, 'abort'))).toEqual(describeTree(source))
    const home = await rig.folder('abort-home')
    const options = { state: await rig.state('abort'), verify: true, parallel: 3 }
    expect(await receiveTree(machine, 'abort', home, options)).toMatchObject({ verified: true })
    expect(describeTree(home)).toEqual(describeTree(source))
  })

  it('lets itself be cancelled while the network is dead', async () => {
    const source = await rig.folder('dead')
    randomFile(join(source, 'big.bin'), 64 * MIB)
    const { frozen } = await rig.freeze(source)
    const stop = new AbortController()
    let stoppedAtMs = 0
    const failed = sendTree(await rig.connect(), frozen, 'dead', {
      signal: stop.signal,
      onProgress: ({ bytesDone }) => {
        if (bytesDone < 8 * MIB || stop.signal.aborted) return
        rig.sshd.freeze()
        stoppedAtMs = performance.now()
        stop.abort()
      },
    })
    await expect(failed).rejects.toMatchObject({ name: 'AbortError' })
    rig.sshd.thaw()
    expect(performance.now() - stoppedAtMs).toBeLessThan(2_000)
  })

  it('names an input that changed or went away after submit', async () => {
    const source = await rig.folder('changed')
    const big = join(source, 'data set.bin')
    randomFile(big, 20 * MIB)
    const { frozen } = await rig.freeze(source)
    const machine = await rig.connect()

    appendFileSync(big, 'more')
    await expect(sendTree(machine, frozen, 'changed')).rejects.toMatchObject({
      code: 'input-changed',
      message: expect.stringContaining('data set.bin'),
    })

    truncateSync(big, 20 * MIB)
    const entry = frozen.entries.find(({ kind }) => kind === 'file')
    const disguise = (): void => {
      // Another content under the old size and time: only the hash can tell.
      randomFile(big, 20 * MIB)
      utimesSync(big, (entry?.mtimeMs ?? 0) / 1000, (entry?.mtimeMs ?? 0) / 1000)
    }
    disguise()
    await expect(sendTree(machine, frozen, 'changed')).rejects.toMatchObject({
      code: 'input-changed',
    })

    await rm(big)
    await expect(sendTree(machine, frozen, 'changed')).rejects.toMatchObject({
      code: 'input-missing',
      message: expect.stringContaining('data set.bin'),
    })
    expect(existsSync(join(rig.sshd.home, 'changed', 'data set.bin'))).toBe(false)
  })

  it('names an input that is written while it is sent', async () => {
    const source = await rig.folder('moving')
    const big = join(source, 'moving.bin')
    randomFile(big, 20 * MIB)
    const { frozen } = await rig.freeze(source)
    const failed = sendTree(await rig.connect(), frozen, 'moving', {
      onProgress: () => appendFileSync(big, 'x'),
    })
    await expect(failed).rejects.toMatchObject({
      code: 'input-changed',
      message: expect.stringContaining('moving.bin'),
    })
  })

  it.skipIf(!mayMount())(
    'says that the disk of the machine is full, before and while sending, and cleans up',
    async () => {
      const disk = await smallDisk(join(rig.sshd.home, 'disk'), 90)
      const source = await rig.folder('full')
      randomFile(join(source, 'big.bin'), 80 * MIB)
      for (let index = 0; index < 20; index += 1)
        randomFile(join(source, `small-${index}`), 100_000)
      const { frozen } = await rig.freeze(source)
      const machine = await rig.connect()

      await writeFile(join(disk, 'filler'), Buffer.alloc(20 * MIB))
      const message = expect.stringMatching(/127\.0\.0\.1.*larger disk/)
      await expect(sendTree(machine, frozen, 'disk/in')).rejects.toMatchObject({
        code: 'disk-full',
        message,
      })
      expect(existsSync(join(disk, 'in'))).toBe(false)

      await rm(join(disk, 'filler'))
      let filled = false
      const failed = sendTree(machine, frozen, 'disk/in', {
        onProgress: ({ bytesDone }) => {
          if (filled || bytesDone < 4 * MIB) return
          filled = true
          fillUp(disk)
        },
      })
      await expect(failed).rejects.toMatchObject({
        code: 'disk-full',
        message: expect.stringMatching(/127\.0\.0\.1/),
      })
      expect(readdirSync(join(disk, 'in'))).toEqual([])

      await rm(join(disk, 'filler'))
      await sendTree(machine, frozen, 'disk/in')
      expect(describeTree(join(disk, 'in'))).toEqual(describeTree(source))
    },
  )

  it.skipIf(!mayMount())('says that the local disk is full, and keeps what it has', async () => {
    const folder = await smallDisk(await rig.folder('local-disk'), 8)
    const there = join(rig.sshd.home, 'much')
    await mkdir(join(there, 'sub'), { recursive: true })
    randomFile(join(there, 'sub', 'c.bin'), 6 * MIB)
    randomFile(join(there, 'a.bin'), 3 * MIB)
    randomFile(join(there, 'b.bin'), 7 * MIB)
    const options = { state: await rig.state('local-disk'), verify: true }
    let filled = false
    const filling = receiveTree(await rig.connect(), 'much/sub', folder, {
      ...options,
      onProgress: () => {
        if (!filled) fillUp(folder)
        filled = true
      },
    })
    await expect(filling).rejects.toMatchObject({
      code: 'disk-full',
      message: expect.stringContaining(folder),
    })
    await rm(join(folder, 'filler'))
    const failed = receiveTree(await rig.connect(), 'much', folder, options)
    await expect(failed).rejects.toMatchObject({
      code: 'disk-full',
      message: expect.stringContaining(folder),
    })
    await rm(join(there, 'b.bin'))
    await rm(join(there, 'sub'), { recursive: true })
    const report = await receiveTree(await rig.connect(), 'much', folder, options)
    expect(report.verified).toBe(true)
  })

  it('says that a store on a missing path or a vanished input cannot be frozen', async () => {
    const source = await rig.folder('vanish')
    writeFileSync(join(source, 'a.py'), 'print(1)')
    const { manifest } = await scanTree(source, { ignore: 'code' })
    await rm(join(source, 'a.py'))
    await expect(freeze(manifest, await rig.folder('store'))).rejects.toMatchObject({
      code: 'input-missing',
      message: expect.stringContaining('a.py'),
    })
    await expect(scanTree(join(source, 'nowhere'), { ignore: 'code' })).rejects.toMatchObject({
      code: 'input-missing',
    })
  })
})
