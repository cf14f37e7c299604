import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { CollectFrom } from '../../main/transfer/list-outputs.ts'
import {
  mirrorPass,
  type MirrorOptions,
  type MirrorReport,
} from '../../main/transfer/mirror/pass.ts'
import { HotFiles } from '../../main/transfer/mirror/rest.ts'
import { sshdAvailable } from '../support/sshd.ts'
import { startTransferRig, type TransferRig } from '../support/transfer-rig.ts'

const OLD_S = 1_700_000_000
/** Still being written, however slow this computer is. */
const SOON_S = Math.floor(Date.now() / 1_000) + 3_600

describe.skipIf(!sshdAvailable())('copies home while a job writes', () => {
  let rig: TransferRig
  beforeAll(async () => {
    rig = await startTransferRig()
  })
  afterAll(async () => await rig.stop())

  /** An output folder on the machine, and passes over it. */
  async function scene(name: string) {
    const out = join(rig.sshd.home, name, 'out')
    mkdirSync(out, { recursive: true })
    const home = await rig.folder(name)
    const hot = new HotFiles()
    const from: CollectFrom = {
      outputDir: `${name}/out`,
      workDir: name,
      workManifest: null,
      completeAtS: 0,
      globs: [],
      includeChanged: false,
    }
    const put = (path: string, content: string, mtimeS = OLD_S): void => {
      const place = join(out, path)
      mkdirSync(join(place, '..'), { recursive: true })
      writeFileSync(place, content)
      utimesSync(place, mtimeS, mtimeS)
      // A set rests only once the names in it do.
      utimesSync(join(place, '..'), mtimeS, mtimeS)
    }
    const pass = async (options: Partial<MirrorOptions> = {}): Promise<MirrorReport> =>
      await mirrorPass(rig.machine, from, home, {
        state: await rig.state(name),
        signal: new AbortController().signal,
        pinDir: join(rig.sshd.home, name, 'pins'),
        maxBytes: null,
        hurried: false,
        hot,
        pause: async () => undefined,
        ...options,
      })
    const read = (path: string): string | null =>
      existsSync(join(home, path)) ? readFileSync(join(home, path), 'utf8') : null
    return { out, home, put, pass, read }
  }

  it('takes the version that was there, though another one is renamed over it meanwhile', async () => {
    const { out, put, pass, read } = await scene('renamed')
    put('state.txt', 'first')
    put('hot.txt', 'hot', SOON_S)
    await pass({
      pause: async () => {
        put('state.new', 'second', SOON_S)
        renameSync(join(out, 'state.new'), join(out, 'state.txt'))
      },
    })
    expect(read('state.txt')).toBe('first')
    expect(existsSync(join(rig.sshd.home, 'renamed/pins'))).toBe(false)
  })

  it('brings a folder of a checkpoint whole, and none that is still written to', async () => {
    const { put, pass, home } = await scene('sets')
    put('step-1/a', 'a1')
    put('step-1/b', 'b1')
    put('step-2/a', 'a2')
    put('step-2/b', 'b2', SOON_S)
    await pass()
    expect(readdirSync(home).filter((name) => name.startsWith('step'))).toEqual(['step-1'])
    expect(readdirSync(join(home, 'step-1')).toSorted()).toEqual(['a', 'b'])
  })

  it('brings the newest checkpoint where a limit has no room for all, and counts what is left', async () => {
    const { put, pass, read } = await scene('limit')
    put('step-1.pt', 'x'.repeat(400), OLD_S)
    put('step-2.pt', 'y'.repeat(400), OLD_S + 1)
    put('other.bin', 'z'.repeat(2_000_000), OLD_S + 2)
    const report = await pass({ maxBytes: 500 })
    expect(report).toMatchObject({
      bytesReceived: 400,
      leftOut: { files: 1, bytes: 2_000_000 },
      totalBytes: 2_000_800,
      missingBytes: 2_000_400,
    })
    expect([read('step-2.pt')?.length, read('step-1.pt'), read('other.bin')]).toEqual([
      400,
      null,
      null,
    ])
  })

  it('brings the beginning of a file that only grows, from the third pass on, and never of another', async () => {
    const { out, put, pass, read } = await scene('growing')
    put('log.txt', '1\n', SOON_S)
    put('rewritten.bin', 'aaaa', SOON_S)
    for (let step = 2; step <= 4; step += 1) {
      await pass()
      if (step < 4) expect(read('log.txt')).toBeNull()
      appendFileSync(join(out, 'log.txt'), `${step}\n`)
      put('rewritten.bin', String.fromCharCode(96 + step).repeat(4 + step), SOON_S)
      utimesSync(join(out, 'log.txt'), SOON_S, SOON_S)
    }
    expect(read('log.txt')).toBe('1\n2\n3\n')
    await pass()
    expect(read('log.txt')).toBe('1\n2\n3\n4\n')
    // Rewritten as a whole: what once came stays, instead of a half of the next one.
    expect(read('rewritten.bin')).toBe('c'.repeat(7))
  })

  it('follows a link that the job points elsewhere, and leaves one that the user made', async () => {
    const { out, home, put, pass } = await scene('links')
    put('step-1/a', 'a')
    put('step-2/a', 'b')
    symlinkSync('step-1', join(out, 'latest'))
    symlinkSync('step-1', join(out, 'own'))
    symlinkSync('elsewhere', join(home, 'own'))
    await pass()
    rmSync(join(out, 'latest'))
    symlinkSync('step-2', join(out, 'latest'))
    await pass()
    expect(readlinkSync(join(home, 'latest'))).toBe('step-2')
    expect(readlinkSync(join(home, 'own'))).toBe('elsewhere')
  })
})
