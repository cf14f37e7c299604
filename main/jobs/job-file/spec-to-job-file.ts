import path from 'node:path'
import type { JobFile } from '../../../preload/contract/job-file.ts'
import type { JobSpec, MirrorWish } from '../../../preload/contract/job-spec.ts'
import { byteSizeText } from '../../domain/byte-size.ts'
import { durationText, usdText } from './written-figures.ts'

/**
 * The job file that asks for this job again: understanding it beside `spec.baseDir` gives the same
 * spec, as long as the files are where they were. Paths are absolute. Defaults that nobody chose
 * (keep-warm) stay unsaid; what detection found is said, so that it stays the same.
 */
export function specToJobFile(spec: JobSpec): JobFile {
  const { limits, needs } = spec
  const file: { readonly [K in keyof JobFile]: JobFile[K] | undefined } = {
    name: spec.name,
    project: spec.project ?? undefined,
    tags: filled(spec.tags),
    ...work(spec),
    data: some(spec.data.map(dataItem)),
    output: spec.outputDir,
    outputs: some(spec.outputs),
    outputSize: spec.outputBytes === undefined ? undefined : byteSizeText(spec.outputBytes),
    results: spec.results,
    mirror: spec.mirror === undefined ? undefined : mirrorText(spec.mirror),
    setup: some(spec.setup),
    before: some(spec.before),
    after: some(spec.after),
    image: spec.environment.kind === 'image' ? spec.environment.image : undefined,
    ...place(needs),
    region: needs.region,
    machineType: needs.machineType,
    gpu: needs.gpuName,
    minVram: needs.minVramGiB,
    gpus: needs.gpus,
    arch: needs.arch,
    disk: needs.minDiskGiB,
    spot: needs.spot ?? 'allowed',
    preferFast: spec.preferFast,
    maxPrice: limits.maxMicrosPerHour === null ? undefined : usdText(limits.maxMicrosPerHour),
    budget: limits.budgetMicros === null ? undefined : usdText(limits.budgetMicros),
    maxDuration: limits.maxDurationMs === null ? undefined : durationText(limits.maxDurationMs),
    keepWarm: limits.keepWarmChosen ? durationText(limits.keepWarmMs) : undefined,
    afterExit: durationText(limits.afterExitMs),
    grace: durationText(limits.graceMs),
    env: filled(spec.env),
    secrets: some(spec.secrets),
    checkpoint: spec.checkpointSignal === null ? undefined : { signal: spec.checkpointSignal },
    retries: spec.retries,
  }
  return defined(file)
}

/** A job file without the keys that say nothing. */
export function defined(file: { readonly [K in keyof JobFile]: JobFile[K] | undefined }): JobFile {
  return Object.fromEntries(Object.entries(file).filter(([, value]) => value !== undefined))
}

function work({ entry, code }: JobSpec): Pick<JobFile, 'script' | 'command' | 'args' | 'code'> {
  if (entry.kind === 'command') {
    if (code === null) return { command: entry.command }
    if (!code.single) return { script: code.path, command: entry.command }
    return { script: code.path, command: entry.command, code: code.path }
  }
  const root = code?.path ?? ''
  return {
    script: code?.single === true ? root : path.join(root, ...entry.path.split('/')),
    code: root,
    ...(entry.args.length === 0 ? {} : { args: [...entry.args] }),
  }
}

function mirrorText({ off, everyMs, maxBytes, maxCostMicros }: MirrorWish): JobFile['mirror'] {
  if (off === true) return 'off'
  if (everyMs === null && maxBytes === null && maxCostMicros === null) return 'on'
  return {
    ...(everyMs === null ? {} : { every: durationText(everyMs) }),
    ...(maxBytes === null ? {} : { maxBytes: byteSizeText(maxBytes) }),
    ...(maxCostMicros === null ? {} : { maxCost: usdText(maxCostMicros) }),
  }
}

function dataItem({
  path: at,
  name,
}: JobSpec['data'][number]): string | { path: string; name: string } {
  return path.basename(at) === name ? at : { path: at, name }
}

/** An own host is named by `host:`, everything else by provider and account. */
function place({ providerId, accountId }: JobSpec['needs']): Partial<JobFile> {
  if (providerId === 'host' && accountId !== undefined) return { host: accountId }
  return {
    ...(providerId === undefined ? {} : { provider: providerId }),
    ...(accountId === undefined ? {} : { account: accountId }),
  }
}

function some<T>(list: readonly T[]): T[] | undefined {
  return list.length === 0 ? undefined : [...list]
}

function filled<T>(record: Readonly<Record<string, T>>): Record<string, T> | undefined {
  return Object.keys(record).length === 0 ? undefined : { ...record }
}
