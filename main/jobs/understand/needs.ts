import type { JobFile } from '../../../preload/contract/job-file.ts'
import type { OfferQuery } from '../../../preload/contract/offer.ts'
import { SubletError } from '../../domain/errors.ts'
import { parseUsd } from '../../domain/usd.ts'
import { gpuHint } from './source-hints.ts'
import type { UnderstandHelpers } from './understood.ts'

export interface NeedsReading {
  readonly needs: OfferQuery
  readonly understood: readonly string[]
}

/** What the job asks of a machine. Where no GPU is named, the sources say whether one is wanted. */
export async function understandNeeds(
  file: JobFile,
  sources: readonly string[],
  helpers: UnderstandHelpers,
): Promise<NeedsReading> {
  if (file.host !== undefined && file.provider !== undefined && file.provider !== 'host') {
    throw new SubletError(
      'invalid',
      `host "${file.host}" and provider "${file.provider}" contradict each other: leave one out.`,
    )
  }
  const providerId = file.host === undefined ? (file.provider ?? null) : 'host'
  const accountId = await helpers.accountId?.({
    providerId,
    account: file.account ?? null,
    host: file.host ?? null,
  })
  const gpus = chooseGpus(file, sources)
  const needs: OfferQuery = {
    ...(providerId === null ? {} : { providerId }),
    ...(accountId === undefined ? {} : { accountId }),
    ...(file.region === undefined ? {} : { region: file.region }),
    ...(file.gpu === undefined ? {} : { gpuName: file.gpu }),
    ...(file.minVram === undefined ? {} : { minVramGiB: file.minVram }),
    gpus: gpus.count,
    ...(file.machineType === undefined ? {} : { machineType: file.machineType }),
    // A machine that can be taken back is never a surprise: the user asks for it.
    ...(file.spot === 'allowed' ? {} : { spot: file.spot ?? false }),
    ...(file.maxPrice === undefined
      ? {}
      : { maxMicrosPerHour: parseUsd(file.maxPrice, 'maxPrice') }),
    ...(file.disk === undefined ? {} : { minDiskGiB: file.disk }),
    arch: file.arch ?? 'x86_64',
  }
  return { needs, understood: [gpus.sentence] }
}

function chooseGpus(
  file: JobFile,
  sources: readonly string[],
): { readonly count: number; readonly sentence: string } {
  const model = file.gpu === undefined ? '' : ` ${file.gpu}`
  const memory = file.minVram === undefined ? '' : ` with at least ${file.minVram} GiB`
  if (file.gpus === 0 && (file.gpu !== undefined || file.minVram !== undefined)) {
    throw new SubletError(
      'invalid',
      'gpus 0 asks for a machine without GPU, and gpu or minVram for one with: leave one out.',
    )
  }
  if (file.gpus === 0) return { count: 0, sentence: 'No GPU is asked for.' }
  if (file.gpus !== undefined) {
    return {
      count: file.gpus,
      sentence: `Wants ${file.gpus}${model} ${file.gpus === 1 ? 'GPU' : 'GPUs'}${memory}.`,
    }
  }
  if (file.gpu !== undefined || file.minVram !== undefined) {
    return { count: 1, sentence: `Wants one${model} GPU${memory}.` }
  }
  for (const source of [...sources, file.image ?? '']) {
    const hint = gpuHint(source) ?? imageHint(source, file.image)
    if (hint !== null) {
      return { count: 1, sentence: `Wants one GPU, because it uses ${hint} (--gpus 0 for none).` }
    }
  }
  return {
    count: 0,
    sentence: 'Needs no GPU as far as its sources show (--gpus 1 asks for one).',
  }
}

function imageHint(source: string, image: string | undefined): string | null {
  return source !== '' &&
    source === image &&
    /cuda|nvidia|torch|tensorflow|jax|vllm|nemo/i.test(image)
    ? `the image ${image}`
    : null
}
