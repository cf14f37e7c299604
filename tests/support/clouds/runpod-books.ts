import type { FakeMachine } from './fake-machines.ts'
import type { PodFacts } from './runpod-shapes.ts'

const hourMs = 3_600_000

/** One pod's hours, each with its share. */
export function podBill(
  query: URLSearchParams,
  pods: readonly FakeMachine<PodFacts>[],
  usdPerHour: (pod: FakeMachine<PodFacts>) => number,
  now: number,
) {
  const from = Date.parse(query.get('startTime') ?? '') || 0
  const to = Date.parse(query.get('endTime') ?? '') || now
  const pod = pods.find(({ id }) => id === query.get('podId'))
  const records: object[] = []
  let total = 0
  if (pod !== undefined) {
    const until = Math.min(to, pod.endAskedAt ?? now)
    for (let at = Math.floor(from / hourMs) * hourMs; at < until; at += hourMs) {
      const share = Math.min(until, at + hourMs) - Math.max(at, pod.createdAt)
      if (share <= 0) continue
      const gpuAmount = (usdPerHour(pod) * share) / hourMs
      total += gpuAmount
      records.push({ ...range(at, at + hourMs), podId: pod.id, ...amounts(gpuAmount) })
    }
  }
  return {
    records,
    metadata: {
      query: { ...range(from, to), bucketSize: query.get('bucketSize') ?? 'day' },
      recordCount: records.length,
      uniquePodCount: records.length === 0 ? 0 : 1,
      totals: amounts(total),
    },
  }
}

const range = (from: number, to: number) => ({
  startTime: new Date(from).toISOString(),
  endTime: new Date(to).toISOString(),
})

const amounts = (gpuAmount: number) => ({
  totalAmount: gpuAmount,
  gpuAmount,
  cpuAmount: 0,
  diskAmount: 0,
})
