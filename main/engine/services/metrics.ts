import type { Contract } from '../../../preload/contract/contract.ts'
import { bucketFor, Decimator } from '../../jobs/monitor/decimate.ts'
import type { Handlers } from '../../rpc/handlers.ts'
import type { ServiceParts } from './context.ts'

/** The handlers about metrics. */
export function metricsHandlers(parts: ServiceParts): Handlers<Contract>['metrics'] {
  const { journal, monitor } = parts
  return {
    range: async ({ jobId }) => {
      const all = await monitor.metrics(jobId, journal.job(jobId))
      const ranges = await Promise.all(all.map(({ columns }) => columns.range()))
      const known = ranges.filter((range) => range !== null)
      if (known.length === 0) return null
      return {
        fromAt: Math.min(...known.map((range) => range.fromAt)),
        toAt: Math.max(...known.map((range) => range.toAt)),
        gpus: gpusOf(all.map(({ columns }) => columns.gpus)),
      }
    },
    history: async ({ jobId, fromAt, toAt, points }, { signal }) => {
      const all = await monitor.metrics(jobId, journal.job(jobId))
      const gpus = gpusOf(all.map(({ columns }) => columns.gpus))
      const decimator = new Decimator(bucketFor(Math.max(0, toAt - fromAt), points), gpus)
      for (const { columns } of all) {
        decimator.nextAttempt()
        for await (const piece of columns.read(fromAt)) {
          signal.throwIfAborted()
          decimator.push(piece, columns.gpus, toAt)
          if ((piece.doubles[0] ?? 0) > toAt) break
        }
      }
      return decimator.finish()
    },
  }
}

function gpusOf(lists: readonly (readonly number[])[]): number[] {
  return [...new Set(lists.flat())].toSorted((a, b) => a - b)
}
