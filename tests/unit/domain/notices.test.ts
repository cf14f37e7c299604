import { describe, expect, test } from 'vitest'
import type { MetricsSample } from '../../../preload/contract/job.ts'
import { gpuIdleness } from '../../../main/domain/gpu-idle.ts'
import { budgetNotice } from '../../../main/domain/notices.ts'
import { micros } from '../../../main/domain/money.ts'

function sample(at: number, ...shares: (number | null)[]): MetricsSample {
  return {
    at,
    cpuPercent: 1,
    memoryUsedMib: null,
    memoryTotalMib: null,
    diskUsedMib: null,
    diskTotalMib: null,
    networkReceivedBytes: null,
    networkSentBytes: null,
    diskReadBytes: null,
    diskWrittenBytes: null,
    logBytes: null,
    gpus: shares.map((utilisationPercent, index) => ({
      index,
      utilisationPercent,
      memoryUsedMib: null,
      memoryTotalMib: null,
      powerWatt: null,
      temperatureC: null,
    })),
  }
}

describe('idle GPUs', () => {
  test('one working GPU of several is work, and the count begins again', () => {
    const first = gpuIdleness(null, [sample(1_000, 0, 0), sample(2_000, 0, 80)])
    expect(first).toEqual({ idleSinceAt: 2_000, seenAt: 2_000 })
    expect(gpuIdleness(first, [sample(3_000, 1, 2), sample(9_000, 0, 0)])).toEqual({
      idleSinceAt: 2_000,
      seenAt: 9_000,
    })
  })

  test('a machine that says nothing of its GPUs is not called idle', () => {
    expect(gpuIdleness(null, [sample(1_000), sample(2_000, null)])).toBeNull()
  })
})

describe('a budget', () => {
  const state = (level: 'ok' | 'near' | 'over') => ({
    budget: { id: 'all', scope: { kind: 'all' as const }, micros: micros(100_000_000) },
    spentMicros: micros(90_000_000),
    level,
    sentence: '$90.00 of $100.00.',
  })

  test('is told of once a level and month', () => {
    expect(budgetNotice(state('ok'), '2026-11', 5)).toBeNull()
    expect(budgetNotice(state('near'), '2026-11', 5)?.id).toBe('budget:all:2026-11:near')
    expect(budgetNotice(state('over'), '2026-11', 5)?.id).toBe('budget:all:2026-11:over')
    expect(budgetNotice(state('near'), '2026-12', 5)?.id).toBe('budget:all:2026-12:near')
  })
})
