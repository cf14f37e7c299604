import { gpuMatcher, isNear } from '../gpu-names.ts'
import { formatMicros } from '../format.ts'
import type { ListedOffer } from './listed-offer.ts'
import { regionGroupName } from './region-group.ts'
import { readTerm } from './offer-text-words.ts'
import type { Bound, TextVocabulary, TextWord } from './offer-text-words.ts'

/** A test of one row. `favourite` says whether the user has marked it. */
export type RowTest = (row: ListedOffer, favourite: boolean) => boolean

export interface OfferText {
  readonly holds: RowTest
  /** What was understood, a few words a clause: "GPU 4090 or h100", "at least 40 GB". */
  readonly understood: readonly string[]
}

/**
 * Free text as people type it: `4090, h100, ≥ 40 GB, eu`. Commas and blanks separate words.
 * Words about the same thing (GPU, provider, region, memory, count, spot or on demand,
 * architecture, maker) are alternatives; words about different things must all hold. Limits
 * (`≥ 40 GB`, `under $1`, `< 4 gpus`) must all hold; so must words that are none of these, which
 * are looked for anywhere in the row. `-word` or `not word` leaves out. A memory size without a
 * sign means that size; an amount of money without a sign means at most, per GPU and hour.
 */
export function readOfferText(text: string, vocabulary: TextVocabulary): OfferText {
  const words = text
    .toLowerCase()
    .split(/[,;]/)
    .flatMap((term) => readTerm(term, vocabulary))
  const clauses = new Map<string, { tests: RowTest[]; labels: string[] }>()
  for (const [index, { negated, ...word }] of words.entries()) {
    const test = testOf(word)
    const alone = negated || word.kind === 'any' || ('bound' in word && word.bound !== 'is')
    const key = alone ? `${index}` : word.kind
    const clause = clauses.get(key) ?? { tests: [], labels: [] }
    clause.tests.push(negated ? (row, favourite) => !test(row, favourite) : test)
    clause.labels.push(negated ? `not ${labelOf(word)}` : labelOf(word))
    clauses.set(key, clause)
  }
  const all = [...clauses.values()].map(({ tests }) => anyOf(tests))
  return {
    holds: (row, favourite) => all.every((test) => test(row, favourite)),
    understood: [...clauses.values()].map(({ labels }) => labels.join(' or ')),
  }
}

function anyOf(tests: readonly RowTest[]): RowTest {
  const [only] = tests
  if (only !== undefined && tests.length === 1) return only
  return (row, favourite) => tests.some((test) => test(row, favourite))
}

function testOf(word: TextWord): RowTest {
  switch (word.kind) {
    case 'gpu': {
      const matches = gpuMatcher(word.name)
      return ({ gpuName: name, vramGiB }) => name !== '' && matches({ name, vramGiB })
    }
    case 'gpu-part':
      return ({ gpuKey }) => gpuKey.includes(word.part)
    case 'group':
      return ({ regionGroup }) => regionGroup === word.group
    case 'region':
      return ({ offer }) => word.regions.has(offer.region.toLowerCase())
    case 'provider':
      return ({ offer }) => word.ids.has(offer.providerId)
    case 'vram':
      return ({ vramGiB }) => vramGiB > 0 && compare(vramGiB, word.bound, word.amount, 0.02)
    case 'count':
      return ({ gpuCount }) => compare(gpuCount, word.bound, word.amount, 0)
    case 'price':
      return ({ microsPerGpuHour: price }) =>
        price !== null && compare(price, word.bound, word.amount, 0)
    case 'spot':
      return ({ offer }) => offer.spot === word.spot
    case 'available':
      return ({ offer }) => offer.availability !== 'none' && offer.availability !== 'no-quota'
    case 'arch':
      return ({ offer }) => offer.arch === word.arch
    case 'vendor':
      return ({ offer }) => offer.gpu?.vendor === word.vendor
    case 'favourite':
      return (_row, favourite) => favourite
    case 'any':
      return ({ text }) => text.includes(word.word)
  }
}

/** `slack` allows for memory that reports a little less than it is sold as. */
function compare(value: number, bound: Bound, amount: number, slack: number): boolean {
  switch (bound) {
    case 'is':
      return slack === 0 ? value === amount : isNear(value, amount)
    case 'least':
      return value >= amount * (1 - slack)
    case 'most':
      return value <= amount
    case 'over':
      return value > amount
    case 'under':
      return value < amount * (1 - slack)
  }
}

const boundWords = {
  is: '',
  least: 'at least ',
  most: 'at most ',
  over: 'more than ',
  under: 'less than ',
}

function labelOf(word: TextWord): string {
  switch (word.kind) {
    case 'gpu':
      return `GPU ${word.name}`
    case 'gpu-part':
      return `GPU ${word.part.toLowerCase()}…`
    case 'group':
      return regionGroupName(word.group)
    case 'region':
      return `region ${word.word}`
    case 'provider':
      return `provider ${word.word}`
    case 'vram':
      return `${boundWords[word.bound]}${word.amount} GB`
    case 'count':
      return `${boundWords[word.bound]}${word.amount} ${word.amount === 1 ? 'GPU' : 'GPUs'}`
    case 'price':
      return `${boundWords[word.bound]}${formatMicros(word.amount)}/GPU-h`
    case 'spot':
      return word.spot ? 'spot' : 'on demand'
    case 'available':
      return 'available'
    case 'arch':
      return word.arch === 'arm64' ? 'arm64' : 'x86-64'
    case 'vendor':
      return word.vendor === 'amd' ? 'AMD' : 'NVIDIA'
    case 'favourite':
      return 'favourites'
    case 'any':
      return `"${word.word}"`
  }
}
