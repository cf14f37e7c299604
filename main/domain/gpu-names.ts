import type { Gpu } from '../../preload/contract/offer.ts'
import { compactGpuName, gpuCatalogue } from './gpu-catalogue.ts'
import type { GpuModel } from './gpu-catalogue.ts'
import { nearest } from './nearest.ts'

/** A provider's or a user's spelling, taken apart. */
export interface GpuName {
  /** As Sublet shows it: `H100`, `RTX 4090`; the tidied spelling itself when unknown. */
  readonly name: string
  readonly vendor: 'nvidia' | 'amd' | null
  /** From the spelling ("A100-80G"), or the only size that exists; null when it stays open. */
  readonly vramGiB: number | null
  readonly form: 'SXM' | 'PCIe' | 'NVL' | 'OAM' | null
  readonly known: boolean
}

const noise = new Set(
  'NVIDIA AMD GEFORCE TESLA QUADRO INSTINCT RADEON GPU GPUS TENSOR CORE GENERATION EDITION SERVER WORKSTATION MAX Q FHHL'.split(
    ' ',
  ),
)
/** Reported memory differs a little from what is sold (81,559 MiB is "80 GB"). */
const vramTolerance = 0.08

const spellings = new Map<string, GpuModel[]>()
for (const model of gpuCatalogue) {
  for (const spelling of [compactGpuName(model.name), ...model.aliases]) {
    spellings.set(spelling, [...(spellings.get(spelling) ?? []), model])
  }
}

/**
 * Takes a GPU's name apart: "NVIDIA H100 80GB HBM3" is an H100 with 80 GiB, "A100-SXM4-40GB" an
 * A100 with 40 GiB. `vramGiB` is the provider's own figure where it gives one; it also decides
 * between models that share a name. A slice (MIG) is never taken for the whole card.
 */
export function normaliseGpu(raw: string, vramGiB?: number): GpuName {
  const parts = takeApart(raw)
  const hint = vramGiB ?? parts.memory
  const compact = compactGpuName(parts.words.join(''))
  const found = parts.slice ? undefined : (lookUp(compact, hint) ?? lookUpSized(parts.words, hint))
  if (found === undefined) {
    const name = `${parts.words.join(' ')}${parts.slice ? ' MIG' : ''}`.trim()
    return { name: name || raw.trim(), vendor: null, vramGiB: hint, form: parts.form, known: false }
  }
  const size = vramGiB ?? sizeOf(found.model, found.hint)
  const { name, vendor } = found.model
  return { name, vendor, vramGiB: size, form: parts.form, known: true }
}

/** A test for the GPU that a user asked for: case, punctuation and vendor words do not matter. */
export function gpuMatcher(query: string): (gpu: Pick<Gpu, 'name' | 'vramGiB'>) => boolean {
  const wanted = normaliseGpu(query)
  const hint = wanted.known ? sizeHint(query, wanted) : wanted.vramGiB
  const target = compactGpuName(wanted.name)
  const literal = compactGpuName(query)
  const verdicts = new Map<string, boolean>()
  return (gpu) => {
    let same = verdicts.get(gpu.name)
    if (same === undefined) {
      const offered = compactGpuName(normaliseGpu(gpu.name, gpu.vramGiB).name)
      same = offered === target || compactGpuName(gpu.name) === literal
      verdicts.set(gpu.name, same)
    }
    return same && (hint === null || isNear(hint, gpu.vramGiB))
  }
}

/** The GPU that an unknown name was probably meant for, of the catalogue or of `offered` names. */
export function suggestGpu(query: string, offered: Iterable<string> = []): string | undefined {
  const byCompact = new Map<string, string>()
  for (const name of [...gpuCatalogue.map((model) => model.name), ...offered]) {
    byCompact.set(compactGpuName(name), name)
    byCompact.set(compactGpuName(name).replace(/^(RTX|GTX)/, ''), name)
  }
  const found = nearest(compactGpuName(takeApart(query).words.join('')), byCompact.keys())
  return found === undefined ? undefined : byCompact.get(found)
}

/** Whether a reported memory size is the size that was sold. */
export function isNear(one: number, other: number): boolean {
  return Math.abs(one - other) <= vramTolerance * Math.max(one, other)
}

interface Found {
  readonly model: GpuModel
  readonly hint: number | null
}

function lookUp(compact: string, hint: number | null): Found | undefined {
  const models = spellings.get(compact) ?? []
  const fitting = models.find((one) => hint !== null && hasSize(one, hint))
  const model = fitting ?? models.find((one) => compactGpuName(one.name) === compact) ?? models[0]
  return model === undefined ? undefined : { model, hint }
}

/** "V100 32", "A6000-48": a last number that is one of the model's sizes. */
function lookUpSized(words: readonly string[], hint: number | null): Found | undefined {
  const last = Number(words.at(-1))
  if (words.length < 2 || !Number.isInteger(last)) return undefined
  const found = lookUp(compactGpuName(words.slice(0, -1).join('')), hint ?? last)
  return found !== undefined && hasSize(found.model, last) ? found : undefined
}

function sizeHint(query: string, wanted: GpuName): number | null {
  const model = spellings.get(compactGpuName(wanted.name))?.[0]
  // With one size there is nothing to choose: a provider's odd figure must not exclude it.
  return model !== undefined && model.vramGiB.length === 1 ? null : normaliseGpu(query).vramGiB
}

function sizeOf(model: GpuModel, hint: number | null): number | null {
  const sizes = model.vramGiB
  if (hint !== null) return sizes.find((size) => isNear(size, hint)) ?? onlySize(model)
  return onlySize(model)
}

/** Sizes that only differ in how they are reported count as one. */
function onlySize(model: GpuModel): number | null {
  const [first] = model.vramGiB
  if (first === undefined) return null
  return model.vramGiB.every((size) => isNear(size, first)) ? first : null
}

function hasSize(model: GpuModel, size: number): boolean {
  return model.vramGiB.some((one) => isNear(one, size))
}

function takeApart(raw: string): {
  readonly words: string[]
  readonly memory: number | null
  readonly form: GpuName['form']
  readonly slice: boolean
} {
  let memory: number | null = null
  let form: GpuName['form'] = null
  let slice = false
  const words: string[] = []
  for (const word of raw.toUpperCase().split(/[^A-Z0-9]+/)) {
    const size = /^(\d+)G(I?B)?$/.exec(word)
    if (size !== null) memory ??= Number(size[1])
    else if (/^SXM\d?$/.test(word)) form = 'SXM'
    else if (/^PCIE?\d?$/.test(word)) form = 'PCIe'
    else if (word === 'NVL' || word === 'OAM') form = word
    else if (word === 'MIG') slice = true
    else if (word !== '' && !noise.has(word) && !/^(HBM\w*|GDDR\w*|\d+X|X\d+)$/.test(word)) {
      words.push(word)
    }
  }
  return { words, memory, form, slice }
}
