import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { collect, receiveTree } from '../../main/transfer/collect.ts'
import type { CollectFrom } from '../../main/transfer/list-outputs.ts'
import { mirrorPass, type MirrorReport } from '../../main/transfer/mirror/pass.ts'
import { HotFiles } from '../../main/transfer/mirror/rest.ts'
import { sendTree } from '../../main/transfer/send.ts'
import { describeTree } from '../support/hard-tree.ts'
import { randomFile } from '../support/random-file.ts'
import { sshdAvailable } from '../support/sshd.ts'
import { startTransferRig, type TransferRig } from '../support/transfer-rig.ts'

const OLD_S = 1_700_000_000

describe.skipIf(!sshdAvailable())('collecting results', () => {
  let rig: TransferRig

  beforeAll(async () => {
    rig = await startTransferRig()
  })
  afterAll(async () => await rig.stop())

  function put(path: string, content: string, settled = true): void {
    mkdirSync(join(path, '..'), { recursive: true })
    writeFileSync(path, content)
    if (settled) utimesSync(path, OLD_S, OLD_S)
  }

  it('brings what the job made or changed, and neither inputs, environments nor caches', async () => {
    const source = await rig.folder('code')
    put(join(source, 'train.py'), 'print(1)')
    put(join(source, 'notes.md'), 'old')
    put(join(source, 'same.txt'), 'same')
    const { frozen } = await rig.freeze(source)
    const sent = await sendTree(rig.machine, frozen, 'job/work')
    const work = join(rig.sshd.home, 'job/work')
    const output = join(work, 'output')
    put(join(output, 'model.pt'), 'weights')
    put(join(output, 'report/loss.csv'), '1,2')
    put(join(output, 'train.log'), 'from output')
    put(join(work, 'train.log'), 'from work')
    put(join(work, 'notes.md'), 'new')
    put(join(work, 'runs/1/events'), 'events')
    put(join(work, '.venv/lib/big.so'), 'big')
    put(join(work, 'my env/pyvenv.cfg'), 'home=')
    put(join(work, 'my env/lib/x.py'), 'x')
    put(join(work, '__pycache__/train.cpython-312.pyc'), 'pyc')
    utimesSync(join(work, 'same.txt'), OLD_S + 5, OLD_S + 5)
    const from: CollectFrom = {
      outputDir: 'job/work/output',
      workDir: 'job/work',
      workManifest: frozen,
      completeAtS: sent.completeAtS,
      globs: [],
      includeChanged: true,
    }

    const home = await rig.folder('results')
    const report = await collect(rig.machine, from, home, {
      state: await rig.state('job'),
      verify: true,
    })
    const files = [...describeTree(home)]
      .filter(([, line]) => line.startsWith('file'))
      .map(([path]) => path)
    expect(files.sort()).toEqual([
      'model.pt',
      'notes.md',
      'report/loss.csv',
      'runs/1/events',
      'train.log',
      'work-folder/train.log',
    ])
    expect(readFileSync(join(home, 'train.log'), 'utf8')).toBe('from output')
    expect(report.verified).toBe(true)
    expect(report.warnings.map(({ path }) => path)).toEqual(['work-folder/train.log'])

    const named = await rig.folder('named')
    const globs = ['runs', '*.py', '.venv/**/*.so']
    await collect(rig.machine, { ...from, globs, includeChanged: false }, named, {
      state: await rig.state('named'),
      verify: true,
    })
    expect(existsSync(join(named, 'runs/1/events'))).toBe(true)
    expect(existsSync(join(named, '.venv/lib/big.so'))).toBe(true)
    expect(existsSync(join(named, 'train.py'))).toBe(true)
    expect(existsSync(join(named, 'notes.md'))).toBe(false)
  })

  it("mirrors while the job runs: new versions replace ours, never the user's, and nothing is deleted", async () => {
    const output = join(rig.sshd.home, 'mirror/out')
    put(join(output, 'checkpoint.pt'), 'one')
    put(join(output, 'metrics.csv'), 'a')
    put(join(output, 'writing.bin'), 'half', false)
    // Still being written, however slow this computer is.
    const soonS = Date.now() / 1000 + 600
    utimesSync(join(output, 'writing.bin'), soonS, soonS)
    const from: CollectFrom = {
      outputDir: 'mirror/out',
      workDir: 'mirror',
      workManifest: null,
      completeAtS: 0,
      globs: [],
      includeChanged: false,
    }
    const home = await rig.folder('mirror')
    put(join(home, 'metrics.csv'), 'the user had this')
    const mirror = async (): Promise<MirrorReport> =>
      await mirrorPass(rig.machine, from, home, {
        state: await rig.state('mirror'),
        signal: new AbortController().signal,
        pinDir: join(rig.sshd.home, 'mirror/pins'),
        maxBytes: null,
        hurried: false,
        hot: new HotFiles(),
        pause: async () => undefined,
      })

    const first = await mirror()
    expect(first.filesReceived).toBe(2)
    expect(existsSync(join(home, 'writing.bin'))).toBe(false)
    expect(readFileSync(join(home, 'metrics.csv'), 'utf8')).toBe('the user had this')
    expect(readFileSync(join(home, 'metrics.csv.from-job'), 'utf8')).toBe('a')

    expect(await mirror()).toMatchObject({ filesReceived: 0, bytesReceived: 0, totalFiles: 3 })

    put(join(output, 'checkpoint.pt'), 'two')
    utimesSync(join(output, 'checkpoint.pt'), OLD_S + 60, OLD_S + 60)
    put(join(output, 'metrics.csv'), 'a,b')
    await mirror()
    expect(readFileSync(join(home, 'checkpoint.pt'), 'utf8')).toBe('two')
    expect(readFileSync(join(home, 'metrics.csv.from-job'), 'utf8')).toBe('a,b')
    expect(readFileSync(join(home, 'metrics.csv'), 'utf8')).toBe('the user had this')

    appendFileSync(join(home, 'checkpoint.pt'), ' and my notes')
    rmSync(join(output, 'metrics.csv'))
    put(join(output, 'checkpoint.pt'), 'three')
    const last = await collect(rig.machine, from, home, {
      state: await rig.state('mirror'),
      verify: true,
    })
    expect(last.verified).toBe(true)
    expect(readFileSync(join(home, 'checkpoint.pt'), 'utf8')).toBe('two and my notes')
    expect(readFileSync(join(home, 'checkpoint.pt.from-job'), 'utf8')).toBe('three')
    expect(readFileSync(join(home, 'metrics.csv.from-job'), 'utf8')).toBe('a,b')
    expect(existsSync(join(home, 'writing.bin'))).toBe(true)
    expect(existsSync(join(home, '.sublet-partial'))).toBe(false)
  })

  it('keeps the predecessor of a file that changes during the copy', async () => {
    const output = join(rig.sshd.home, 'moving')
    put(join(output, 'big.bin'), 'first version')
    const home = await rig.folder('moving')
    const options = { state: await rig.state('moving'), verify: false }
    await receiveTree(rig.machine, 'moving', home, options)
    randomFile(join(output, 'big.bin'), 24 * 1024 * 1024)
    utimesSync(join(output, 'big.bin'), OLD_S, OLD_S)
    const report = await receiveTree(rig.machine, 'moving', home, {
      ...options,
      onProgress: () => utimesSync(join(output, 'big.bin'), OLD_S, Date.now() / 1000),
    })
    expect(report.stillChanging).toEqual(['big.bin'])
    expect(readFileSync(join(home, 'big.bin'), 'utf8')).toBe('first version')
    const final = await receiveTree(rig.machine, 'moving', home, { ...options, verify: true })
    expect(final.verified).toBe(true)
    expect(describeTree(home)).toEqual(describeTree(output))
  })

  it('adopts equal files, and makes links only inside the folder', async () => {
    const output = join(rig.sshd.home, 'links')
    put(join(output, 'a/file'), 'same')
    symlinkSync('a/file', join(output, 'good'))
    symlinkSync('../a', join(output, 'a/up'))
    symlinkSync('../../etc', join(output, 'bad'))
    const home = await rig.folder('links')
    put(join(home, 'a/file'), 'same')
    const report = await receiveTree(rig.machine, 'links', home, {
      state: await rig.state('links'),
      verify: true,
    })
    expect(report).toMatchObject({ filesReceived: 0, filesSkipped: 1, verified: true })
    expect(report.warnings.map(({ path }) => path)).toEqual(['bad'])
    expect(readFileSync(join(home, 'good'), 'utf8')).toBe('same')
  })

  it('sends and fetches 5,000 small files quickly, and only what changed the second time', async () => {
    const source = await rig.folder('many')
    for (let index = 0; index < 5000; index += 1) {
      if (index % 100 === 0) mkdirSync(join(source, `d${index / 100}`))
      writeFileSync(
        join(
          source,
          `d${Math.floor(index / 100)}`,
          `a file with a name that is rather long, as those of experiments are ${index}`,
        ),
        `${index}\n`.repeat(700),
      )
    }
    const { frozen } = await rig.freeze(source)
    const sent = await sendTree(rig.machine, frozen, 'many', { parallel: 2 })
    const home = await rig.folder('many-home')
    const got = await receiveTree(rig.machine, 'many', home, {
      state: await rig.state('many'),
      verify: true,
    })
    process.stderr.write(
      `5,000 files: sent in ${Math.round(sent.durationMs)} ms, fetched in ${Math.round(got.durationMs)} ms.\n`,
    )
    expect(got.filesReceived).toBe(5000)
    expect(describeTree(home)).toEqual(describeTree(source))
    expect(sent.durationMs).toBeLessThan(20_000)
    expect(got.durationMs).toBeLessThan(20_000)

    writeFileSync(
      join(source, 'd7', 'a file with a name that is rather long, as those of experiments are 700'),
      'changed',
    )
    writeFileSync(join(rig.sshd.home, 'many', 'extra'), 'extra')
    const again = await sendTree(rig.machine, (await rig.freeze(source)).frozen, 'many', {
      exact: true,
    })
    expect(again.filesSent).toBe(1)
    expect(describeTree(join(rig.sshd.home, 'many'))).toEqual(describeTree(source))
  })
})
