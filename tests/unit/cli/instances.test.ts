import { expect, test } from 'vitest'
import { cli } from '../../support/cli-rig.ts'
import { FakeEngine } from '../../support/fake-engine.ts'
import * as facts from '../../support/fake-facts.ts'
import { FakeIo } from '../../support/fake-io.ts'

process.env['TZ'] = 'UTC'

const stranger = {
  ...facts.billable,
  nativeId: 'i-7',
  name: 'jupyter-box',
  rentalId: null,
  homeId: null,
  ours: false,
  use: 'stranger' as const,
  jobId: null,
  jobName: null,
  simulated: false,
  microsPerHour: null,
  microsPerMonth: null,
  release: 'name' as const,
  releaseSentence: 'Not made by Sublet. Type its name to release it; what runs there is lost.',
}
const stuck = {
  ...facts.billable,
  use: 'releasing' as const,
  releasing: { since: facts.now - 600_000, sentence: 'The key is refused.', red: true },
}

function withList(
  ...billables: readonly (
    | typeof stranger
    | typeof stuck
    | (Omit<typeof stranger, 'kind'> & { readonly kind: 'disk' })
  )[]
) {
  const ended: unknown[] = []
  const engine = new FakeEngine({
    instances: {
      list: async () => ({ billables, accounts: [facts.askedAccount], problems: [] }),
      releaseStranger: async (input) => {
        ended.push(input)
        return { gone: true, sentence: 'jupyter-box is gone.', evidence: [] }
      },
    },
    ledger: {
      receipts: async () => ({
        rentals: [
          {
            rentalId: facts.receipt.rentalId,
            machine: 'A100 · Sandbox',
            jobName: 'train',
            simulated: true,
            micros: facts.micros(42_700),
            receipts: [facts.receipt],
            releasing: { since: facts.now, sentence: 'It is listed again.', red: true },
          },
        ],
      }),
    },
  })
  return { engine, ended }
}

async function run(argv: readonly string[], io = new FakeIo(), list = withList(stranger, stuck)) {
  const { exit } = cli(argv, io, list.engine)
  return { code: await exit, out: io.stdout, err: io.stderr, ended: list.ended }
}

test('what is not proven gone is named with its sentence, and an unknown price is no zero', async () => {
  const { code, out } = await run(['instances'])
  expect(code).toBe(0)
  expect(out).toContain('NOT PROVEN GONE')
  expect(out).toContain('is being released since 10 min ago: The key is refused.')
  expect(out).toMatch(/jupyter-box .*unknown +unknown/)
  expect(out).toContain('Together price unknown; $0.80/h, $584.00/month (730 h) (simulated).')
})

test('what is not ours is released by its name only: typed, or given', async () => {
  const silent = await run(['instances', 'release', 'jupyter-box'])
  expect(silent.code).not.toBe(0)
  expect(silent.err).toContain('add --name')
  expect(silent.ended).toEqual([])
  const io = new FakeIo({ terminal: true, answers: ['jupyter-box'] })
  const typed = await run(['instances', 'release', 'i-7'], io)
  expect(typed).toMatchObject({
    code: 0,
    ended: [{ kind: 'machine', nativeId: 'i-7', typedName: 'jupyter-box' }],
  })
  const given = await run(['instances', 'release', 'i-7', '--name', 'jupyter-box'])
  expect(given).toMatchObject({ code: 0, ended: [{ typedName: 'jupyter-box' }] })
})

test('an id that a machine and a disk share releases neither until its kind is said', async () => {
  const disk = { ...stranger, kind: 'disk' as const, name: 'old-data' }
  const release = async (...more: readonly string[]) =>
    await run(['instances', 'release', 'i-7', ...more], new FakeIo(), withList(stranger, disk))
  const both = await release('--name', 'old-data')
  expect(both.code).not.toBe(0)
  expect(both.err).toContain('machine: jupyter-box on sandbox, disk: old-data on sandbox')
  expect(both.ended).toEqual([])
  const one = await release('--kind', 'disk', '--name', 'old-data')
  expect(one).toMatchObject({ code: 0, ended: [{ kind: 'disk', nativeId: 'i-7' }] })
})

test('stop --all says what goes on costing money all the same', async () => {
  const { out } = await run(['stop', '--all'])
  expect(out).toContain('jupyter-box (machine, sandbox): price unknown')
  expect(out).not.toContain(stuck.name)
})

test('a receipt shows its evidence, and that the machine is listed again', async () => {
  const { out } = await run(['receipt', 'train'])
  expect(out).toContain('DELETE /machines/sim-1  →  200 gone')
  expect(out).toContain(
    'Confirmed gone 2026-03-01 17:05:57 UTC: sim-1. Billed $0.0427 for 3 min 12 s.',
  )
  expect(out).toContain('After that it was listed again.')
  expect(out).toContain('NOT PROVEN GONE: being released since 17:05 UTC. It is listed again.')
})
