import { expect, test } from 'vitest'
import type { Contract } from '../../../../preload/contract/contract.ts'
import type { LogExtent, LogLine } from '../../../../preload/contract/services/logs.ts'
import type { Api } from '../../../../main/rpc/client/client.ts'
import { createFindStore } from '../../../../renderer/features/monitor/find-store.ts'
import { createLogStore } from '../../../../renderer/features/monitor/log-store.ts'
import { createMonitorStore } from '../../../../renderer/features/monitor/monitor-store.ts'
import type { Engine } from '../../../../renderer/engine.ts'
import type { FollowReader } from '../../../../renderer/follow.ts'
import { eventually } from '../../../support/eventually.ts'
import { metricsSample } from '../../../support/metrics-samples.ts'

const jobId = 'job-01k9zzzzzzzzzzzzzzzzzzzzzz'
const startAt = 1_795_000_000_000

/** An engine of one log that grows on command, a line a second, and figures that come with it. */
function fakeEngine(lines: number) {
  const state = { lines, asked: [] as number[] }
  const readers: FollowReader<unknown, unknown>[] = []
  const extent = (): LogExtent => ({
    lines: state.lines,
    sizeBytes: state.lines * 10,
    timedBytes: state.lines * 10,
    ended: false,
  })
  const line = (number: number): LogLine => ({
    line: number,
    offset: number * 10,
    text: `line ${number}`,
    spans: [],
    continued: false,
    at: startAt + number * 1_000,
  })
  const api = {
    logs: {
      lines: async ({ from, count }: { from: { line?: number; at?: number }; count: number }) => {
        const first = from.line ?? Math.max(0, Math.ceil(((from.at ?? 0) - startAt) / 1_000))
        state.asked.push(first)
        const length = Math.max(0, Math.min(count, state.lines - first))
        return { extent: extent(), first, lines: Array.from({ length }, (_, i) => line(first + i)) }
      },
      search: async ({ fromLine }: { fromLine: number }) => ({
        snapshot: extent(),
        events: (async function* () {
          for (let at = fromLine; at < state.lines; at += 100) {
            const found = [...Array(Math.min(100, state.lines - at)).keys()].map((i) => at + i)
            const total = at - fromLine + found.length
            yield {
              lines: found,
              columns: found.map(() => 0),
              found: total,
              scannedLines: at + 100,
            }
          }
        })(),
      }),
    },
    metrics: {
      range: async () => ({ fromAt: startAt, toAt: startAt + 9_000, gpus: [0] }),
      history: async () => ({
        bucketMs: 1_000,
        at: Array.from({ length: 10 }, (_, i) => startAt + i * 1_000),
        gpus: [0],
        series: Array.from({ length: 14 }, () => {
          const column = Array.from({ length: 10 }, (_, i) => i)
          return { name: 'cpuPercent', gpu: null, mean: column, min: column, max: column }
        }),
      }),
    },
  }
  const engine: Pick<Engine, 'api' | 'follow'> = {
    api: api as unknown as Api<Contract>,
    follow: (_open, reader) => {
      readers.push(reader as FollowReader<unknown, unknown>)
      return () => undefined
    },
  }
  return { engine, state, readers, extent }
}

test('a log opens at its end, stays there, and leaves it when scrolled up', async () => {
  const { engine, state, readers, extent } = fakeEngine(1_000)
  const log = createLogStore(engine, jobId)
  const stop = log.start()
  readers[0]?.snapshot(extent())
  log.setViewport(180)
  expect(log.getState().top).toBe(990)
  log.want(990, 1_000)
  await eventually(() => log.line(999)?.text === 'line 999')
  state.lines = 1_050
  readers[0]?.event(extent())
  expect(log.getState()).toMatchObject({ top: 1_040, following: true })
  log.scrollTo(500)
  state.lines = 1_100
  readers[0]?.event(extent())
  expect(log.getState()).toMatchObject({ top: 500, following: false })
  log.scrollTo(1e9)
  expect(log.getState()).toMatchObject({ top: 1_090, following: true })
  stop()
})

test('the moment under the cross-hair is marked and shown, and the end comes back after it', async () => {
  const { engine, readers, extent } = fakeEngine(1_000)
  const log = createLogStore(engine, jobId)
  const stop = log.start()
  readers[0]?.snapshot(extent())
  log.setViewport(180)
  log.mark(startAt + 300_400)
  log.mark(startAt + 400_400)
  await eventually(() => log.getState().marked === 400)
  expect(log.getState().top).toBe(395)
  log.mark(null)
  expect(log.getState()).toMatchObject({ marked: null, top: 990, following: true })
  stop()
})

test('chosen lines are copied whether or not they are in sight', async () => {
  const { engine, readers, extent } = fakeEngine(5_000)
  const log = createLogStore(engine, jobId)
  const stop = log.start()
  readers[0]?.snapshot(extent())
  log.setViewport(180)
  log.set({ anchor: 10, cursor: 3_009 })
  const copied = (await log.text()).split('\n')
  expect([copied.length, copied[0], copied.at(-1)]).toEqual([3_000, 'line 10', 'line 3009'])
  stop()
})

test('the first step of a search goes behind what is in sight, then around', async () => {
  const { engine } = fakeEngine(500)
  const find = createFindStore(engine, jobId)
  find.search('line', false, 320)
  expect(find.step(1)).toBe(null)
  await eventually(() => !find.getState().scanning && find.getState().found === 500)
  expect(find.place()?.line).toBe(320)
  expect(find.step(-1)).toBe(319)
  find.search('line', false, 0)
  await eventually(() => find.getState().found === 500)
  expect([find.step(1), find.step(-1), find.step(1)]).toEqual([0, 499, 0])
  find.search('', false, 0)
  expect(find.getState().found).toBe(null)
  find.close()
})

test('live samples go on where the history ends, and wait while paused', async () => {
  const { engine, readers } = fakeEngine(1)
  const charts = createMonitorStore(engine, jobId, false)
  const stop = charts.start()
  await eventually(() => charts.getState().phase === 'ready' && readers.length === 1)
  expect(charts.ring.length).toBe(10)
  readers[0]?.event([metricsSample(startAt + 9_000, 1), metricsSample(startAt + 10_000, 1)])
  expect(charts.ring.length).toBe(11)
  expect(charts.ring.mean(5, 10)).toBeCloseTo(1_200_000)
  expect(charts.window().toAt).toBe(startAt + 60_000)
  charts.setPaused(true)
  readers[0]?.event([metricsSample(startAt + 11_000, 1)])
  expect(charts.ring.length).toBe(11)
  charts.setRange({ fromAt: startAt, toAt: startAt + 5_000 })
  expect(charts.window()).toEqual({ fromAt: startAt, toAt: startAt + 5_000 })
  charts.zoomOut()
  expect(charts.getState().range).toBe('5m')
  stop()
})
