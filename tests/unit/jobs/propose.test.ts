import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { JobFile } from '../../../preload/contract/job-file.ts'
import { proposalSchema } from '../../../preload/contract/proposal.ts'
import { Journal } from '../../../main/jobs/journal/journal.ts'
import { propose } from '../../../main/jobs/propose.ts'
import { understand } from '../../../main/jobs/understand/understand.ts'
import type { Database } from '../../../main/store/database.ts'
import { openDatabase } from '../../../main/store/open.ts'
import { now } from '../../support/fake-facts.ts'
import { noBudgets } from '../../support/no-budgets.ts'
import { steppingClock } from '../../support/stepping-clock.ts'
import { anOffer } from '../domain/an-offer.ts'

let folder: string
let database: Database
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sublet-propose-'))
  database = openDatabase(join(folder, 'sublet.db'))
})
afterEach(() => {
  database.close()
  rmSync(folder, { recursive: true, force: true })
})

const l4 = { name: 'L4', vendor: 'nvidia', count: 1, vramGiB: 24 }
const offers = [
  anOffer({ machineType: 'h100', microsPerHour: 3_000_000 }),
  anOffer({ machineType: 'l4', gpu: l4, microsPerHour: 500_000, providerId: 'leased' }),
  anOffer({ machineType: 'l4', gpu: l4, microsPerHour: 200_000, spot: true }),
  anOffer({
    machineType: 'mi300',
    gpu: { ...l4, name: 'MI300X', vendor: 'amd', vramGiB: 192 },
    microsPerHour: 2_500_000,
  }),
]

function ask(
  file: JobFile,
  extra: { shown?: number; wantedOfferId?: string } = {},
  from = offers,
  room = noBudgets,
) {
  const clock = steppingClock(now)
  const capabilities = (id: string) => ({
    expiry: id === 'leased' ? true : 'It has no expiry.',
    selfTermination: 'It cannot end itself.',
  })
  return propose(
    {
      clock,
      journal: new Journal(database, clock),
      providers: {
        offers: async () => ({ offers: from, sources: [] }),
        capabilities,
        clientLevel: () => true,
        session: unused,
        about: unused,
      } as never,
      secrets: { read: async () => ({}) },
      hasBucket: () => false,
      room,
      homeLink: { speeds: { bytesPerSecond: () => null, learn: async () => undefined } },
      understand: (request, signal) => understand(request, signal),
    },
    { file: { command: 'true', ...file }, baseDir: folder, ...extra },
    new AbortController().signal,
  )
}

const unused = (): never => {
  throw new Error('It is not used.')
}
const types = (proposal: Awaited<ReturnType<typeof ask>>): string[] =>
  proposal.options.map(({ offer }) => `${offer.machineType}${offer.spot ? ' spot' : ''}`)

test('several ways to run it, each with its cost and its stop verdict', async () => {
  const proposal = await ask({ gpus: 1 })
  expect(proposalSchema.parse(proposal)).toEqual(proposal)
  expect(types(proposal)).toEqual(['l4', 'h100'])
  expect(proposal.options.map(({ stopsByItself }) => stopsByItself)).toEqual([true, false])
  expect(proposal.options[1]?.stopsBecause).toBe('It has no expiry. It cannot end itself.')
  expect(proposal.chosenOfferId).toBe(proposal.options[0]?.offer.id)
  expect(proposal).toMatchObject({ offersTotal: 2, wantedProblem: null, earlierRuns: 0 })
  expect(types(await ask({ gpus: 1, spot: 'allowed' }))).toEqual(['l4 spot', 'l4', 'h100'])
  expect(types(await ask({ gpus: 1, preferFast: 1 }))).toEqual(['h100', 'l4'])
})

test('an offer that was chosen binds the job, and its price the ceiling', async () => {
  const h100 = offers[0]?.id ?? ''
  const proposal = await ask({ gpus: 1 }, { wantedOfferId: h100, shown: 1 })
  expect(proposal.chosenOfferId).toBe(h100)
  expect(types(proposal)).toEqual(['h100'])
  expect(proposal.ceiling.microsPerHour).toBe(3_000_000)
  expect(proposal.spec.needs).toMatchObject({ machineType: 'h100', accountId: 'main', spot: false })
  expect(proposal.verdict.stopsByItself).toBe(false)
})

test('a chosen offer stands against defaults, but not against what was asked for', async () => {
  const amd = offers[3]?.id ?? ''
  const taken = await ask({}, { wantedOfferId: amd })
  expect(taken.spec.needs).toMatchObject({ machineType: 'mi300', gpuName: 'MI300X' })
  const refused = await ask({ gpu: 'L4' }, { wantedOfferId: amd })
  expect(refused.wantedProblem).toMatch(/does not fit this job/)
  expect(refused.options[0]?.offer.machineType).toBe('l4')
  const gone = await ask({ gpus: 1 }, { wantedOfferId: 'sandbox:main:none:eu:od' })
  expect(gone.wantedProblem).toMatch(/not offered any more/)
})

test('nothing that fits is an error that says what to change', async () => {
  await expect(ask({ gpu: 'H100', maxPrice: 1 })).rejects.toMatchObject({ code: 'no-offer' })
  await expect(ask({ machineType: 'nothing' })).rejects.toThrow(/machine type/)
})
