import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { silentLogger } from '../../main/domain/logger.ts'
import type { StepContext } from '../../main/jobs/steps/context.ts'
import { sendResume } from '../../main/jobs/steps/send-resume.ts'
import { AcknowledgedByMachine } from '../../main/transfer/acknowledged.ts'
import { hashFile } from '../../main/transfer/files.ts'
import { MirrorState } from '../../main/transfer/mirror-state.ts'
import { pathFromText } from '../../main/transfer/path-bytes.ts'
import { randomFile } from '../support/random-file.ts'
import { sshdAvailable } from '../support/sshd.ts'
import { startTransferRig, type TransferRig } from '../support/transfer-rig.ts'

const jobId = 'job-mine'
const large = 1_200_000

describe.skipIf(!sshdAvailable())('results that go back while the user works on them', () => {
  let rig: TransferRig
  beforeAll(async () => {
    rig = await startTransferRig()
  })
  afterAll(async () => await rig.stop())

  /** A job with results at home and its inputs on a new machine; `meanwhile` once, amid the sending. */
  async function resumed(
    name: string,
    meanwhile: (home: string) => void,
    isTime: (work: string) => boolean = () => true,
  ) {
    const home = await rig.folder(name)
    const statePath = join(await rig.folder(`${name}-state`), 'state.json')
    const state = await MirrorState.open(statePath, { jobId, now: () => 1 })
    const bring = async (from: 'output' | 'work', path: string, bytes: number): Promise<void> => {
      const place = join(home, path)
      mkdirSync(dirname(place), { recursive: true })
      randomFile(place, bytes)
      const { size, mtimeMs } = statSync(place)
      const sha256 = await hashFile(place)
      const known = { sha256, localSize: size, localMtimeMs: mtimeMs, remoteSize: size }
      const source = { from, path: pathFromText(path) }
      const local = pathFromText(path)
      state.set({ path: local, local, ...known, remoteMtimeS: 1, remoteCtimeS: 1, source })
    }
    await bring('output', 'best.pt', large)
    await bring('output', 'notes.txt', 10)
    await bring('output', 'step-1/model', 10)
    await bring('output', 'step-2/index', 10)
    await bring('output', 'step-2/model', large)
    await bring('work', 'run/step-7/index', 10)
    await bring('work', 'run/step-7/model', large)
    await bring('work', 'state.json', 10)
    await state.save()
    const at = join(rig.sshd.home, name)
    const paths = { code: join(at, 'code'), work: join(at, 'work'), output: join(at, 'output') }
    for (const folder of [paths.code, paths.work]) {
      mkdirSync(join(folder, 'run', 'step-7'), { recursive: true })
      writeFileSync(join(folder, 'run', 'step-7', 'index'), 'as submitted')
    }
    let isDone = false
    const context = {
      jobId,
      signal: new AbortController().signal,
      acknowledged: new AcknowledgedByMachine(),
      log: silentLogger,
      clock: { now: () => 1 },
      paths: { mirrorState: () => statePath },
      job: () => ({ spec: { outputDir: home } }),
      rental: () => ({ id: 'sublet-01k9zzzzzzzzzzzzzzzzzzzzzz' }),
      progress: (fraction: number) => {
        if (isDone || fraction === 0 || !isTime(paths.work)) return
        isDone = true
        meanwhile(home)
      },
    } as unknown as StepContext
    const remote = paths as unknown as Parameters<typeof sendResume>[2]
    await sendResume(context, await rig.connect(), remote)
    expect(isDone).toBe(true)
    return { ...paths, home }
  }

  const same = (first: string, second: string): boolean =>
    readFileSync(first).equals(readFileSync(second))

  it('sends everything where nobody changes anything', async () => {
    const { home, output, work } = await resumed('quiet', () => undefined)
    for (const path of ['best.pt', 'notes.txt', 'step-1/model', 'step-2/index', 'step-2/model']) {
      expect(same(join(home, path), join(output, path)), path).toBe(true)
    }
    expect(same(join(home, 'run/step-7/index'), join(work, 'run/step-7/index'))).toBe(true)
  })

  it('leaves a checkpoint out whole of which a file is edited while it goes, and sends the rest', async () => {
    const { home, output } = await resumed('edited', (at) =>
      appendFileSync(join(at, 'step-2', 'model'), 'by the user'),
    )
    expect(same(join(home, 'best.pt'), join(output, 'best.pt'))).toBe(true)
    expect(same(join(home, 'step-1/model'), join(output, 'step-1/model'))).toBe(true)
    expect(existsSync(join(output, 'step-2'))).toBe(false)
    expect(
      readFileSync(join(home, 'step-2', 'model'))
        .subarray(-11)
        .toString(),
    ).toBe('by the user')
  })

  it('has the work folder as submitted where a result of it is edited while it goes', async () => {
    const { home, work, output } = await resumed(
      'work',
      (at) => appendFileSync(join(at, 'run', 'step-7', 'model'), 'by the user'),
      // A part of the checkpoint has arrived, over what the inputs had there.
      (at) => readFileSync(join(at, 'run/step-7/index'), 'utf8') !== 'as submitted',
    )
    expect(readFileSync(join(work, 'run/step-7/index'), 'utf8')).toBe('as submitted')
    expect(existsSync(join(work, 'run/step-7/model'))).toBe(false)
    expect(same(join(home, 'state.json'), join(work, 'state.json'))).toBe(true)
    expect(same(join(home, 'step-2/model'), join(output, 'step-2/model'))).toBe(true)
  })

  it('sends nothing and does not fail where the user clears the folder meanwhile', async () => {
    const { output, work } = await resumed('cleared', (at) => rmSync(at, { recursive: true }))
    expect(existsSync(join(output, 'best.pt'))).toBe(false)
    expect(existsSync(join(output, 'step-2'))).toBe(false)
    expect(existsSync(join(work, 'state.json'))).toBe(false)
  })
})
