import type { OutputsReport } from '../../preload/contract/job.ts'
import type { ResultBucket } from '../bucket/bucket.ts'
import { SubletError } from '../domain/errors.ts'
import { formatBytes } from '../domain/format.ts'
import type { Machine } from '../machine/machine.ts'
import { listOutputs } from '../transfer/list-outputs.ts'
import { planHome } from '../transfer/plan-home.ts'
import type { RemoteItem } from '../transfer/receive-types.ts'
import { saveStored, type StoredItem } from '../transfer/stored.ts'
import {
  mustBeWhole,
  sendingsOf,
  storingsOf,
  usualSizes,
  type ObjectSizes,
} from './bucket-objects.ts'
import { collectPlaces } from './collect-places.ts'
import { sendToBucket } from './send-to-bucket.ts'
import type { StepContext } from './steps/context.ts'

/** What waits in the bucket after `storeResults`. */
export interface Stored {
  readonly report: OutputsReport
  readonly bytesSent: number
}

export interface StoreOptions {
  /** Told each key before anything is written under it. */
  readonly onBegin: (key: string) => void
  readonly sizes?: ObjectSizes
}

/**
 * Has the machine upload what is not home yet, and compares what the bucket says it received with
 * the machine's hashes. Null when all is home already. Any failure means: collect straight from
 * the machine. Repeating it uploads only what is missing there.
 */
export async function storeResults(
  context: StepContext,
  machine: Machine,
  bucket: ResultBucket,
  { onBegin, sizes = usualSizes }: StoreOptions,
): Promise<Stored | null> {
  const { signal } = context
  const { from, state } = await collectPlaces(context, machine)
  const { items, merged, unlisted } = await listOutputs(machine, from, signal)
  if (unlisted.length > 0) throw new SubletError('unavailable', 'Not all results can be listed.')
  const plan = await planHome(machine, items, context.job().spec.outputDir, state, signal)
  if (plan.travel.length === 0) return null
  const storings = storingsOf(context.jobId, plan.travel, plan.hashes, sizes)
  const total = plan.travel.reduce((sum, { entry }) => sum + entry.size, 0)
  const { redactor } = context
  const onSent = (sent: number): void =>
    context.progress(
      total === 0 ? 1 : sent / total,
      `Sending the results to the bucket ${bucket.label}, ${formatBytes(sent)} of ${formatBytes(total)}`,
    )
  const sendings = await sendingsOf(machine, storings, signal)
  await sendToBucket({ machine, bucket, redactor, signal, onSent, onBegin }, sendings)
  await mustBeWhole(machine, storings, signal)
  await saveStored(context.paths.stored(context.jobId, context.attempt().id), {
    version: 1,
    items: [
      ...plan.others.map((item) => storedItem(item, null)),
      ...storings.map(({ item, content }) => storedItem(item, content)),
    ],
    among: [...plan.among],
  })
  return {
    bytesSent: total,
    report: {
      files: plan.homeFiles + plan.travel.length,
      bytes: plan.homeBytes + total,
      verified: true,
      warnings: [...merged, ...plan.warnings].map(({ sentence }) => sentence),
    },
  }
}

function storedItem(item: RemoteItem, content: StoredItem['content']): StoredItem {
  const { kind, mode, size, mtimeS, ctimeS, target } = item.entry
  return {
    path: item.path,
    kind: kind === 'dir' || kind === 'symlink' ? kind : 'file',
    mode,
    size,
    mtimeS,
    ctimeS,
    target: target ?? null,
    source: item.source ?? null,
    content,
  }
}
