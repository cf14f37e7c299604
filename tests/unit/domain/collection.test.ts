import { describe, expect, it } from 'vitest'
import { collectionSchema } from '../../../preload/contract/collection.ts'
import { byteSizeText, parseByteSize } from '../../../main/domain/byte-size.ts'
import { collectionOf, collectionSentence } from '../../../main/domain/collection.ts'
import { mirrorTerms, passLimit } from '../../../main/domain/mirror-limits.ts'
import { mirrorWords } from '../../../main/domain/mirror-words.ts'
import { offer } from '../../support/fake-facts.ts'

const now = 1_800_000_000_000
const dear = { ...offer, billing: { ...offer.billing, egressMicrosPerGib: 90_000 as never } }
const plain = (text: string): string => text.replaceAll('\u00A0', ' ')

describe('what bringing results home takes', () => {
  it('is time at the measured speed, traffic and the machine meanwhile, in one sentence', () => {
    const facts = { bytes: 12e9, sizeFrom: 'earlier-run', bytesPerSecond: 10_000_000 } as const
    const collection = collectionOf({ ...dear, microsPerHour: 2_100_000 as never }, facts)
    expect(collection).toMatchObject({ ms: 1_205_000, speedFrom: 'measured' })
    expect(collection.egressMicros).toBe(Math.round((12e9 / 2 ** 30) * 90_000))
    expect(plain(collectionSentence(collection))).toBe(
      'Bringing results home: about 12 GB, 20 min 5 s, $1.01 egress + $0.70 machine time (as much as the last run made, at a measured 10 MB/s).',
    )
  })

  it('says what is assumed', () => {
    const facts = { bytes: 1e8, sizeFrom: 'assumed', bytesPerSecond: null } as const
    expect(plain(collectionSentence(collectionOf(offer, facts)))).toMatch(
      /an assumed size, at an assumed 20 MB\/s/,
    )
  })
})

describe('sizes that a machine makes up', () => {
  it('do not keep anybody from reckoning when the job must be stopped', () => {
    const facts = { bytes: 9e21, sizeFrom: 'machine', bytesPerSecond: 400 } as const
    const collection = collectionOf({ ...dear, microsPerHour: 100_000_000 as never }, facts)
    expect(collectionSchema.safeParse(collection).success).toBe(true)
  })
})

describe('the limits of copies home', () => {
  const settings = { off: false, everyMs: 30_000, maxBytes: 10e9, maxCostMicros: 2_000_000 }

  it('are the settings, with what the job says instead', () => {
    const wish = { off: true, everyMs: null, maxBytes: 1_000, maxCostMicros: null }
    expect(mirrorTerms(settings, wish)).toEqual({ ...settings, off: true, maxBytes: 1_000 })
    expect(mirrorTerms(settings, undefined)).toEqual(settings)
  })

  it('are bytes at a time, and money in all where traffic costs', () => {
    expect(passLimit(settings, 0, 0)).toEqual({ bytes: 10e9, by: 'size' })
    expect(passLimit(settings, 1_000_000, 500_000)).toEqual({ bytes: 1.5 * 2 ** 30, by: 'cost' })
    expect(passLimit(settings, 1_000_000, 9_000_000)).toEqual({ bytes: 0, by: 'cost' })
    const none = { ...settings, maxBytes: null, maxCostMicros: null }
    expect(passLimit(none, 1_000_000, 0)).toEqual({ bytes: null, by: null })
  })
})

describe('how copies home stand, in words', () => {
  const status = {
    state: 'waiting' as const,
    because: null,
    lastAt: now - 20_000,
    nextAt: now + 10_400,
    totalBytes: 2e9,
    missingBytes: 0,
    leftOutFiles: 0,
  }
  it.each([
    [status, 'Last copy home 20 s ago, 1.2 GB; next in 10 s.'],
    [
      { ...status, state: 'copying' as const, nextAt: null, leftOutFiles: 2 },
      'Last copy home 20 s ago, 1.2 GB; the next is under way. 2 files left for the end by the limits.',
    ],
    [{ ...status, lastAt: null }, 'First copy home in 10 s.'],
    [
      { ...status, state: 'off' as const, because: 'It is turned off.' },
      'No copies home while the job runs. It is turned off.',
    ],
  ])('%#', (one, words) => {
    expect(plain(mirrorWords(one, 1.2e9, now))).toBe(words)
  })
})

it('sizes are read and written exactly', () => {
  for (const text of ['12GB', '1500MB', '7', '1TB']) {
    expect(byteSizeText(parseByteSize(text, 'size'))).toBe(text)
  }
  expect(parseByteSize('1.5 GiB', 'size')).toBe(1.5 * 2 ** 30)
  expect(() => parseByteSize('many', 'outputSize')).toThrow(/outputSize "many" is not a size/)
})
