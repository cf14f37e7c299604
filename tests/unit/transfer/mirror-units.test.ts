import { describe, expect, it } from 'vitest'
import { pathFromText, type PathBytes } from '../../../main/transfer/path-bytes.ts'
import { batchesOf } from '../../../main/transfer/mirror/batches.ts'
import { HotFiles, sortByRest } from '../../../main/transfer/mirror/rest.ts'
import { setOf, unitsOf, withinLimit } from '../../../main/transfer/mirror/units.ts'
import type { RemoteItem } from '../../../main/transfer/receive-types.ts'

const MB = 1024 * 1024

function file(path: string, mtimeS: number, size = MB): RemoteItem {
  return item(path, mtimeS, size, 'file')
}

function item(path: string, mtimeS: number, size: number, kind: 'file' | 'dir'): RemoteItem {
  const bytes = pathFromText(path)
  return {
    root: '/out',
    path: bytes,
    entry: { path: bytes, kind, mode: 0o644, size, mtimeS, ctimeS: mtimeS },
  }
}

const names = (items: readonly RemoteItem[]): PathBytes[] => items.map(({ path }) => path)

describe('sets of files that belong together', () => {
  it.each([
    ['step-100/model.bin', 'step-100'],
    ['run/checkpoint-500/rng/state.pth', 'run/checkpoint-500'],
    ['ckpt/1000/array', 'ckpt/1000'],
    ['global_step20/zero/rank0.pt', 'global_step20'],
    ['epoch=3-step=100/a', 'epoch=3-step=100'],
    ['lightning_logs/version_0/metrics.csv', null],
    ['run-1/fold-2/model.pt', null],
    ['step-100.pt', null],
    ['checkpoints/last.ckpt', null],
  ])('%s lies in %s', (path, set) => {
    expect(setOf(pathFromText(path))).toBe(set)
  })

  it('are one unit, which is never cut into two batches', () => {
    const units = unitsOf(
      [file('step-9/a', 5), file('step-9/b', 6), file('x', 1), file('y', 2)],
      false,
    )
    const batches = batchesOf(units)
    expect(batches.map(({ items, wholeOnly }) => [names(items), wholeOnly])).toEqual([
      [['y', 'x', 'step-9/a', 'step-9/b'], true],
    ])
    const large = unitsOf([file('a', 1, 30 * MB), file('b', 2, 30 * MB), file('c', 3, 1)], true)
    expect(batchesOf(large).map(({ items, wholeOnly }) => [names(items), wholeOnly])).toEqual([
      [['c', 'b'], false],
      [['a'], false],
    ])
  })
})

describe('the order of what comes home', () => {
  const found = [
    file('step-1.pt', 10, 100 * MB),
    file('step-2.pt', 20, 100 * MB),
    file('step-3.pt', 30, 100 * MB),
    file('samples.npy', 40, 200 * MB),
    file('loss.csv', 1, 100),
  ]
  const order = (hurried: boolean): PathBytes[] =>
    unitsOf(found, hurried).flatMap(({ items }) => names(items))

  it('is small results, the newest checkpoint, other results, and what is superseded', () => {
    expect(order(false)).toEqual(['loss.csv', 'step-3.pt', 'samples.npy', 'step-2.pt', 'step-1.pt'])
  })

  it('begins with the newest checkpoint where there may be time for one thing only', () => {
    expect(order(true)[0]).toBe('step-3.pt')
  })

  it('keeps to the limit, and prefers leaving out what is superseded', () => {
    const { taken, left } = withinLimit(unitsOf(found, false), 250 * MB)
    expect(taken.flatMap(({ items }) => names(items))).toEqual(['loss.csv', 'step-3.pt'])
    expect(left.map(({ superseded }) => superseded)).toEqual([false, true, true])
  })

  it('does not take the shards of one model, or the ranks of one step, for successors', () => {
    const shards = [
      file('model-00001-of-00002.safetensors', 1),
      file('model-00002-of-00002.safetensors', 2),
    ]
    const ranks = [file('checkpoint_rank0.pt', 1), file('checkpoint_rank1.pt', 2)]
    for (const { superseded } of unitsOf([...shards, ...ranks], false))
      expect(superseded).toBe(false)
  })
})

describe('rest', () => {
  it('holds a whole set back while any part of it, or a name in it, is new', () => {
    const items = [
      item('step-2', 98, 0, 'dir'),
      file('step-2/a', 60),
      file('step-2/b', 70),
      item('step-1', 50, 0, 'dir'),
      file('step-1/a', 50),
      file('hot.log', 99),
      file('cold.csv', 50),
    ]
    const { resting, restless } = sortByRest(items, 100)
    expect(names(resting)).toEqual(['step-1/a', 'cold.csv'])
    expect(names(restless)).toEqual(['step-2/a', 'step-2/b', 'hot.log'])
  })

  it('counts a file as written without pause from the third pass in a row on', () => {
    const hot = new HotFiles()
    const [log, other] = [pathFromText('log'), pathFromText('other')]
    for (const passes of [[log], [log, other], [log]]) hot.seen(passes)
    expect([hot.isWithoutPause(log), hot.isWithoutPause(other)]).toEqual([true, false])
    hot.seen([])
    expect(hot.isWithoutPause(log)).toBe(false)
  })
})
