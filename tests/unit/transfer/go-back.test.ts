import { mkdirSync, mkdtempSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { createHash } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { whatGoesBack } from '../../../main/transfer/mirror/go-back.ts'
import { MirrorState, type MirrorRecord } from '../../../main/transfer/mirror-state.ts'
import { pathFromText } from '../../../main/transfer/path-bytes.ts'
import { Placer } from '../../../main/transfer/place.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sublet-back-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** Puts a file into the output folder and answers the record of it. */
function brought(local: string, from: 'output' | 'work', path = local): MirrorRecord {
  const place = join(folder, 'out', local)
  mkdirSync(join(place, '..'), { recursive: true })
  writeFileSync(place, local)
  utimesSync(place, 1_700_000_000, 1_700_000_000)
  const { size, mtimeMs } = statSync(place)
  return {
    path: pathFromText(path),
    local: pathFromText(local),
    sha256: createHash('sha256').update(local).digest('hex'),
    localSize: size,
    localMtimeMs: mtimeMs,
    remoteSize: size,
    remoteMtimeS: 1_700_000_000,
    remoteCtimeS: 1_700_000_000,
    source: { from, path: pathFromText(path) },
  }
}

const open = (jobId: string): Promise<MirrorState> =>
  MirrorState.open(join(folder, 'state.json'), { jobId, now: () => 1 })

it('sends each result to where the job had written it, and nothing that is not its own', async () => {
  const other = await open('job-other')
  other.set(brought('theirs.txt', 'output'))
  await other.save()
  const state = await open('job-mine')
  state.set(brought('model.pt', 'output'))
  state.set(brought('final.txt.from-job', 'output', 'final.txt'))
  state.set(brought('sub/log.txt', 'work'))
  state.set(brought('changed.txt', 'work'))
  writeFileSync(join(folder, 'out', 'changed.txt'), 'by the user')
  writeFileSync(join(folder, 'out', 'users-own.txt'), 'by the user')

  const back = await whatGoesBack(state, 'job-mine', join(folder, 'out'))

  const paths = (of: 'output' | 'work') =>
    back[of].entries.map((entry) => [entry.path, entry.kind === 'file' ? entry.at : entry.kind])
  expect(paths('output')).toEqual([
    ['model.pt', 'model.pt'],
    ['final.txt', 'final.txt.from-job'],
  ])
  expect(paths('work')).toEqual([
    ['sub', 'dir'],
    ['sub/log.txt', 'sub/log.txt'],
  ])
  expect(back.changedHere).toBe(1)
})

it('keeps a checkpoint folder here whose arrival was cut short, and knows what did arrive', async () => {
  const state = await open('job-mine')
  const [a, b] = [brought('step-2/a', 'output'), brought('step-2/b', 'output')]
  const whole = brought('step-1/a', 'output')
  const single = brought('state.txt', 'output')
  await state.expect([a, b, whole, single])
  rmSync(join(folder, 'out', 'step-2/b'))

  const back = await whatGoesBack(await open('job-mine'), 'job-mine', join(folder, 'out'))

  const files = back.output.entries.filter(({ kind }) => kind === 'file').map(({ path }) => path)
  expect(files.toSorted()).toEqual(['state.txt', 'step-1/a'])
})

it('knows a torn checkpoint folder over later passes, until the rest of it has come', async () => {
  const state = await open('job-mine')
  const [a, b] = [brought('step-2/a', 'output'), brought('step-2/b', 'output')]
  await state.expect([a, b])
  rmSync(join(folder, 'out', 'step-2/b'))
  const files = async () => {
    const back = await whatGoesBack(await open('job-mine'), 'job-mine', join(folder, 'out'))
    return back.output.entries.filter(({ kind }) => kind === 'file').map(({ path }) => path)
  }

  const next = await open('job-mine')
  await new Placer(join(folder, 'out'), next).settle()
  await next.save()
  expect(next.get(a.path)).toBeDefined()
  expect(await files()).toEqual([])
  await next.expect([brought('step-2/b', 'output')])
  next.arrived()
  await next.save()
  expect((await files()).toSorted()).toEqual(['step-2/a', 'step-2/b'])
})

it('keeps a checkpoint folder here of which the user has changed or removed a part', async () => {
  const state = await open('job-mine')
  const paths = ['step-1/a', 'step-1/b', 'step-2/a', 'step-2/b', 'step-3/a', 'step-3/b']
  for (const path of paths) state.set(brought(path, 'output'))
  rmSync(join(folder, 'out', 'step-3/b'))
  writeFileSync(join(folder, 'out', 'step-2/b'), 'by the user')

  const back = await whatGoesBack(state, 'job-mine', join(folder, 'out'))

  const files = back.output.entries.filter(({ kind }) => kind === 'file').map(({ path }) => path)
  expect(files.toSorted()).toEqual(['step-1/a', 'step-1/b'])
  expect(back.changedHere).toBe(4)
})
