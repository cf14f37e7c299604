import { describe, expect, it } from 'vitest'
import { machinesFirst } from '../../../main/domain/radar/belongs.ts'
import { microsPerMonth, sumBillables } from '../../../main/domain/billable-sums.ts'
import { judge, nameToType } from '../../../main/domain/radar/judge.ts'
import { keyNotice } from '../../../main/domain/radar/notices.ts'
import { radarSummary } from '../../../main/domain/radar/summary.ts'
import { leftWords, sumWords } from '../../../main/domain/radar/words.ts'
import { beginRental } from '../../../main/domain/rental/begin.ts'
import { rentalTransition } from '../../../main/domain/rental/record.ts'
import type { Billable } from '../../../preload/contract/rental.ts'
import { micros, now, receipt } from '../../support/fake-facts.ts'
import { intended } from '../../support/rental-events.ts'

const rentalId = 'sublet-01k9zzzzzzzzzzzzzzzzzzzzzz'
const machine: Billable = {
  kind: 'machine',
  providerId: 'cloud',
  accountId: 'lab',
  nativeId: 'i-1',
  name: 'box',
  rentalId: null,
  homeId: null,
  state: 'running',
  region: 'eu',
  microsPerHour: micros(800_000),
  createdAt: null,
}
const begun = rentalTransition(
  beginRental(rentalId, intended(), now),
  { kind: 'launch-issued' },
  now,
)
const up = rentalTransition(
  begun,
  { kind: 'launched', instanceId: 'i-1', billedFrom: null, gpuIndices: null },
  now,
)
const gone = rentalTransition(up, { kind: 'released', receipt }, now)
const provider = { name: 'Cloud', releasesAnything: true, hasOwnPage: true }
const named = { ...machine, name: rentalId, rentalId, homeId: 'home' } as const

describe('the judgement of what is listed', () => {
  const of = (one: Billable, rental: typeof up | null, can = true) =>
    judge(one, { homeId: 'home', rental, provider: { ...provider, releasesAnything: can } })

  it.each([
    ['ours', named, up, 'in-use', 'now', true, false],
    [
      'ours before its id is known',
      { ...named, nativeId: 'i-9' },
      begun,
      'in-use',
      'now',
      true,
      false,
    ],
    ['ours, listed after its receipt', named, gone, 'releasing', 'now', true, true],
    ['a copy of ours', { ...named, nativeId: 'i-2' }, up, 'unused', 'name', false, false],
    [
      'a disk of ours',
      { ...named, kind: 'disk', nativeId: 'v-1', belongsTo: 'i-1' },
      gone,
      'releasing',
      'now',
      true,
      true,
    ],
    [
      'a disk of the copy',
      { ...named, kind: 'disk', nativeId: 'v-2', belongsTo: 'i-2' },
      gone,
      'unused',
      'name',
      false,
      false,
    ],
    ['this home’s, of an unknown job', named, null, 'unused', 'name', false, false],
    ['another home’s', { ...named, homeId: 'other' }, null, 'stranger', 'name', false, false],
    ['nobody’s', machine, null, 'stranger', 'name', false, false],
  ] as const)('%s', (_what, one, rental, use, release, ours, reappeared) => {
    expect(of(one, rental)).toMatchObject({ use, release, ours, reappeared })
  })

  it('leaves to the provider what it does not end by its id', () => {
    expect(of(machine, null, false)).toMatchObject({ release: 'elsewhere' })
    expect(of({ ...named, nativeId: 'i-2' }, up, false)).toMatchObject({ release: 'elsewhere' })
    expect(of(named, null, false)).toMatchObject({ release: 'name' })
  })

  it('asks for the id of what has no name', () => {
    expect(nameToType({ ...machine, name: ' ' })).toBe('i-1')
  })
})

describe('what it costs', () => {
  it('counts 730 hours a month, and an unknown price as unknown, never as zero', () => {
    expect(microsPerMonth(micros(800_000))).toBe(584_000_000)
    expect(microsPerMonth(null)).toBeNull()
    const sum = sumBillables([machine, { ...machine, microsPerHour: null }])
    expect(sum).toEqual({
      count: 2,
      microsPerHour: 800_000,
      microsPerMonth: 584_000_000,
      unpriced: 1,
    })
    expect(sumWords(sum)).toBe('$0.80/h, $584.00/month (730 h), and 1 of unknown price')
    expect(sumWords(sumBillables([{ microsPerHour: null }]))).toBe('price unknown')
  })

  it('says to who leaves what nothing needs, what is not ours, and whom it could not ask', () => {
    const spotted = (use: 'unused' | 'stranger' | 'in-use', simulated = false) => ({
      billable: machine,
      judgement: { use },
      accountName: 'lab',
      simulated,
    })
    const found = [spotted('unused'), spotted('stranger', true), spotted('in-use')]
    const summary = radarSummary(found, now - 60_000, ['cloud: It is down.'])
    expect(leftWords(summary, now)).toEqual([
      '1 thing of this Sublet’s that nothing needs (box (lab)): $0.80/h, $584.00/month (730 h).',
      'Not this Sublet’s, but billed on your accounts: 1 thing, $0.80/h, $584.00/month (730 h), simulated.',
      'Could not be asked: cloud: It is down.',
      'Read 1 min ago.',
    ])
    expect(leftWords(radarSummary([spotted('in-use')], now, []), now)).toEqual([])
  })
})

describe('a key that is refused', () => {
  const account = { id: 'lab', name: 'lab' }
  const problem = { code: 'auth' as const, sentence: 'Cloud does not know this key.' }
  const rental = { accountId: 'lab', endBy: now + 3_600_000, verdict: null }

  it('is said while machines of its account run, with what to do and what if nothing is done', () => {
    expect(keyNotice(account, problem, [rental], now)).toMatchObject({
      kind: 'leak',
      title: 'lab refuses its key while 1 machine of it runs',
      sentence: expect.stringMatching(
        /^Cloud does not know this key\. Not all of them would end by themselves\. Give the account a working key/,
      ),
    })
  })

  it('is no matter without a machine, and another failure is none of the key', () => {
    expect(keyNotice(account, problem, [{ ...rental, accountId: 'other' }], now)).toBeNull()
    expect(keyNotice(account, { ...problem, code: 'unavailable' }, [rental], now)).toBeNull()
    expect(keyNotice(account, null, [rental], now)).toBeNull()
  })
})

it('looks at machines before their disks, since what comes back is journaled once', () => {
  const kinds = ['disk', 'machine', 'address', 'machine'] as const
  const sorted = machinesFirst(kinds.map((kind) => ({ kind })))
  expect(sorted.map(({ kind }) => kind)).toEqual(['machine', 'machine', 'disk', 'address'])
})
