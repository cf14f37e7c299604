import { describe, expect, test } from 'vitest'
import type { MetricsSample } from '../../../preload/contract/metrics-sample.ts'
import { gpuIdleness } from '../../../main/domain/gpu-idle.ts'
import { budgetNotice } from '../../../main/domain/notices.ts'
import { reportingZone } from '../../../main/domain/reporting-day.ts'
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

  test('under 5 % is idle, and only the job’s own GPUs count', () => {
    const idle = gpuIdleness(null, [sample(1_000, 0, 90), sample(2_000, 4.9, 90)], [0])
    expect(idle).toEqual({ idleSinceAt: 1_000, seenAt: 2_000 })
    expect(gpuIdleness(idle, [sample(3_000, 5, 90)], [0])?.idleSinceAt).toBe(3_000)
    // All of them must be idle.
    expect(gpuIdleness(idle, [sample(3_000, 0, 90)], [0, 1])?.idleSinceAt).toBe(3_000)
  })

  test('a machine that says nothing of its GPUs is not called idle', () => {
    expect(gpuIdleness(null, [sample(1_000), sample(2_000, null)])).toBeNull()
  })
})

describe('a budget', () => {
  const zone = reportingZone('UTC')
  const state = (level: 'ok' | 'near' | 'over', from = Date.UTC(2026, 10, 1)) => ({
    budget: {
      id: 'all',
      scope: { kind: 'all' as const },
      period: 'month' as const,
      action: 'stop' as const,
      micros: micros(100_000_000),
    },
    spentMicros: micros(90_000_000),
    committedMicros: micros(0),
    leftMicros: micros(10_000_000),
    from,
    to: from + 30 * 86_400_000,
    level,
    sentence: '$90.00 of $100.00.',
  })

  test('is told of once a level and month', () => {
    expect(budgetNotice(state('ok'), zone, 5)).toBeNull()
    expect(budgetNotice(state('near'), zone, 5)?.id).toBe('budget:all:2026-11:near')
    expect(budgetNotice(state('over'), zone, 5)?.id).toBe('budget:all:2026-11:over')
    expect(budgetNotice(state('near', Date.UTC(2026, 11, 1)), zone, 5)?.id).toBe(
      'budget:all:2026-12:near',
    )
  })
})
