import type { RegionGroup } from '../../../preload/contract/offer-view.ts'
import { compactGpuName, gpuCatalogue } from '../gpu-catalogue.ts'
import { normaliseGpu } from '../gpu-names.ts'
import { regionGroupOf } from './region-group.ts'

export type Bound = 'is' | 'least' | 'most' | 'over' | 'under'

/** One word of the free text, with what it means. */
export type TextWord =
  | { readonly kind: 'gpu'; readonly name: string }
  | { readonly kind: 'gpu-part'; readonly part: string }
  | { readonly kind: 'group'; readonly group: RegionGroup }
  | { readonly kind: 'region'; readonly word: string; readonly regions: ReadonlySet<string> }
  | { readonly kind: 'provider'; readonly word: string; readonly ids: ReadonlySet<string> }
  | { readonly kind: 'vram' | 'count' | 'price'; readonly bound: Bound; readonly amount: number }
  | { readonly kind: 'spot'; readonly spot: boolean }
  | { readonly kind: 'available' }
  | { readonly kind: 'favourite' }
  | { readonly kind: 'arch'; readonly arch: 'x86_64' | 'arm64' }
  | { readonly kind: 'vendor'; readonly vendor: 'nvidia' | 'amd' }
  | { readonly kind: 'any'; readonly word: string }

/** What there is at the moment: decides whether a word is a provider or a region. */
export interface TextVocabulary {
  /** In small letters, each once. */
  readonly regions: readonly string[]
  readonly providers: readonly { readonly id: string; readonly name: string }[]
}

const microsPerUsd = 1_000_000
const longestGpuName = 5
const signs: Readonly<Record<string, Bound>> = {
  '>=': 'least',
  '<=': 'most',
  '=': 'is',
  '>': 'over',
  '<': 'under',
}
const flags: Readonly<Record<string, TextWord>> = {
  spot: { kind: 'spot', spot: true },
  'on-demand': { kind: 'spot', spot: false },
  ondemand: { kind: 'spot', spot: false },
  available: { kind: 'available' },
  favourite: { kind: 'favourite' },
  favourites: { kind: 'favourite' },
  favorite: { kind: 'favourite' },
  favorites: { kind: 'favourite' },
  arm: { kind: 'arch', arch: 'arm64' },
  arm64: { kind: 'arch', arch: 'arm64' },
  aarch64: { kind: 'arch', arch: 'arm64' },
  x86: { kind: 'arch', arch: 'x86_64' },
  x86_64: { kind: 'arch', arch: 'x86_64' },
  'x86-64': { kind: 'arch', arch: 'x86_64' },
  nvidia: { kind: 'vendor', vendor: 'nvidia' },
  amd: { kind: 'vendor', vendor: 'amd' },
  cpu: { kind: 'count', bound: 'is', amount: 0 },
}

/** The words of one term (what stands between two commas, in small letters), in their order. */
export function readTerm(
  term: string,
  vocabulary: TextVocabulary,
): (TextWord & { readonly negated: boolean })[] {
  const tokens = tidy(term)
    .split(' ')
    .filter((token) => token !== '')
  const words: (TextWord & { readonly negated: boolean })[] = []
  let negated = false
  for (let at = 0; at < tokens.length;) {
    const token = tokens[at] ?? ''
    if (token === 'not' || token === '-') {
      negated = true
      at += 1
      continue
    }
    if (token.startsWith('-') && token.length > 1) {
      negated = true
      tokens[at] = token.slice(1)
      continue
    }
    const { word, taken } = readWord(tokens, at, vocabulary)
    // A sign without an amount is still being typed.
    if (word !== null) words.push({ ...word, negated })
    negated = false
    at += taken
  }
  return words
}

/** Signs and words for limits become one of the five signs, glued to their amount and unit. */
function tidy(term: string): string {
  return term
    .replaceAll(/≥|\bat least\b|\bmin(imum)?\b/g, '>=')
    .replaceAll(/≤|\bat most\b|\bup to\b|\bmax(imum)?\b/g, '<=')
    .replaceAll(/\b(under|below|less than)\b/g, '<')
    .replaceAll(/\b(over|above|more than)\b/g, '>')
    .replaceAll(/\bon demand\b/g, 'on-demand')
    .replaceAll(/\bno gpu\b/g, 'cpu')
    .replaceAll(/([<>]=?|=)\s+(?=[\d.$])/g, '$1')
    .replaceAll(/(\d)\s+(?=(gi?b|gpus?)\b|\$)/g, '$1')
    .replaceAll(/(^|\s)(\d+)\s?[x×]\s?(?=[a-z\d])/g, '$1$2gpu ')
    .replaceAll(/(^|\s)(\d+)\s?[x×](?=\s|$)/g, '$1$2gpu ')
    .replaceAll(/\$\s+(?=\d)/g, '$')
}

interface Read {
  readonly word: TextWord | null
  readonly taken: number
}

function readWord(tokens: readonly string[], at: number, vocabulary: TextVocabulary): Read {
  const token = tokens[at] ?? ''
  if (/^([<>]=?|=)$/.test(token)) return { word: null, taken: 1 }
  const limit = readLimit(token)
  if (limit !== null) return { word: limit, taken: 1 }
  const flag = flags[token]
  if (flag !== undefined) return { word: flag, taken: 1 }
  for (let count = Math.min(longestGpuName, tokens.length - at); count > 0; count -= 1) {
    const name = tokens.slice(at, at + count).join(' ')
    if (normaliseGpu(name).known) return { word: { kind: 'gpu', name }, taken: count }
  }
  return { word: readPlace(token, vocabulary) ?? readRest(token), taken: 1 }
}

function readLimit(token: string): TextWord | null {
  const found =
    /^([<>]=?|=)?(\$)?(\d+(?:\.\d+)?)(gi?b|gpus?|\$|usd)?(\+)?(\/?(?:gpu-?)?\/?h)?$/.exec(token)
  if (found === null) return null
  const [, sign, dollar, digits = '', unit = '', plus, perHour] = found
  const amount = Number(digits)
  const money = dollar !== undefined || unit === '$' || unit === 'usd' || perHour !== undefined
  const bound = sign === undefined ? null : (signs[sign] ?? null)
  const open: Bound | null = plus === undefined ? null : 'least'
  if (money) {
    return { kind: 'price', bound: bound ?? open ?? 'most', amount: amount * microsPerUsd }
  }
  if (unit.startsWith('gpu')) return { kind: 'count', bound: bound ?? open ?? 'is', amount }
  if (unit !== '' || bound !== null || open !== null) {
    return { kind: 'vram', bound: bound ?? open ?? 'is', amount }
  }
  return null
}

function readPlace(token: string, { regions, providers }: TextVocabulary): TextWord | null {
  const group = regionGroupOf(token)
  if (group !== null) return { kind: 'group', group }
  if (token.length < 2) return null
  const begins = (name: string): boolean =>
    name.startsWith(token) || name.split(/[^a-z0-9]+/).some((part) => part.startsWith(token))
  const ids = providers
    .filter(({ id, name }) => begins(id.toLowerCase()) || begins(name.toLowerCase()))
    .map(({ id }) => id)
  if (ids.length > 0) return { kind: 'provider', word: token, ids: new Set(ids) }
  const found = regions.filter(begins)
  return found.length === 0 ? null : { kind: 'region', word: token, regions: new Set(found) }
}

function readRest(token: string): TextWord {
  const part = compactGpuName(token)
  const isPart =
    part.length >= 2 &&
    gpuCatalogue.some(({ name }) =>
      /\d/.test(part) ? compactGpuName(name).includes(part) : compactGpuName(name).startsWith(part),
    )
  return isPart ? { kind: 'gpu-part', part } : { kind: 'any', word: token }
}
