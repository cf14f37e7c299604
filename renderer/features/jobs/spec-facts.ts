import type { JobSpec } from '../../../preload/contract/job-spec.ts'
import {
  formatCount,
  formatDuration,
  formatMicros,
  formatMicrosPerHour,
} from '../../../main/domain/format.ts'

export interface SpecFact {
  readonly name: string
  readonly value: string
}

/** The job as it was understood, a line for each thing that was said or found. */
export function specFacts(spec: JobSpec): readonly SpecFact[] {
  const { limits } = spec
  const facts: readonly (readonly [string, string | null])[] = [
    ['Runs', entryText(spec)],
    ['Work folder', spec.code?.path ?? null],
    ['Data', listed(spec.data.map((one) => `${one.path} as $SUBLET_DATA/${one.name}`))],
    ['Results', spec.outputDir],
    ['Also collects', listed(spec.outputs)],
    ['Set-up', listed(spec.setup)],
    ['Before, here', listed(spec.before)],
    ['After, here', listed(spec.after)],
    ['Environment', spec.environment.kind === 'image' ? spec.environment.image : 'the machine'],
    ['Variables', listed(Object.keys(spec.env))],
    ['Secrets', listed(spec.secrets)],
    ['Machine', needsText(spec)],
    [
      'Price limit',
      limits.maxMicrosPerHour === null ? null : formatMicrosPerHour(limits.maxMicrosPerHour),
    ],
    ['Budget', limits.budgetMicros === null ? null : formatMicros(limits.budgetMicros)],
    [
      'Longest duration',
      limits.maxDurationMs === null ? null : formatDuration(limits.maxDurationMs),
    ],
    ['Time to stop by itself', formatDuration(limits.graceMs)],
    ['Hold results', formatDuration(limits.afterExitMs)],
    ['Keep warm', limits.keepWarmChosen ? formatDuration(limits.keepWarmMs) : null],
    ['Checkpoint signal', spec.checkpointSignal],
    ['Restarts after an interruption', String(spec.retries)],
    ['Project', spec.project],
    ['Tags', listed(Object.entries(spec.tags).map(([key, value]) => `${key}=${value}`))],
  ]
  return facts.flatMap(([name, value]) => (value === null ? [] : [{ name, value }]))
}

function entryText({ entry }: JobSpec): string {
  return entry.kind === 'command' ? entry.command : [entry.path, ...entry.args].join(' ')
}

function listed(words: readonly string[]): string | null {
  return words.length === 0 ? null : words.join(', ')
}

function needsText({ needs }: JobSpec): string {
  const parts = [
    needs.gpuName ?? null,
    needs.gpus === undefined ? null : needs.gpus === 0 ? 'no GPU' : formatCount(needs.gpus, 'GPU'),
    needs.minVramGiB === undefined ? null : `${needs.minVramGiB} GiB each or more`,
    needs.minDiskGiB === undefined ? null : `${needs.minDiskGiB} GiB of disk or more`,
    needs.region ?? null,
    needs.providerId ?? null,
    needs.spot === true ? 'spot' : null,
    needs.arch ?? null,
  ].filter((part) => part !== null)
  return parts.length === 0 ? 'any' : parts.join(', ')
}
