import { receiptsOf } from '../../../main/domain/rental/receipts.ts'
import { eventually } from '../../support/eventually.ts'
import { must, type Scenario } from './scenarios.ts'
import type { LeakWorld, Rented } from './world.ts'

const aWhile = { timeoutMs: 40_000, everyMs: 50 }

/** Releases that fail, or are lied about, one after the other: each has the whole world to itself. */
export function troubles(): Scenario[] {
  return [failing('error'), refused(), lingering(), cameBackWhileDown(), silent()]
}

async function red(world: LeakWorld, ours: Rented) {
  return await eventually(
    async () => {
      const row = (await world.known()).billables.find(({ nativeId }) => nativeId === ours.nativeId)
      return row?.releasing?.red === true ? row.releasing : null
    },
    { ...aWhile, what: 'the red mark' },
  )
}

/** A release that fails again and again, over a restart. */
function failing(kind: 'error'): Scenario {
  let ours: Rented
  return {
    what: 'a release that fails for long, over a restart of the engine',
    down: async (world, rent) => {
      await world.sandbox.fault({ kind, when: 'before' }, { operation: 'release', remaining: null })
      ours = await rent({ warm: false })
    },
    up: async (world) => {
      const first = await red(world, ours)
      await world.restart()
      const second = await red(world, ours)
      must(second.since === first.since, 'A restart forgot since when it is being released.')
      must(receiptsOf(world.rental(ours.id)).length === 0, 'It has a receipt, but it runs.')
      await world.sandbox.clearFaults()
      await world.receipts(ours.id, 1)
    },
  }
}

/** The key is refused while a machine is to be released: that needs the user. */
function refused(): Scenario {
  let ours: Rented
  return {
    what: 'a key that is revoked while a machine runs',
    down: async (world, rent) => {
      ours = await rent({ warm: false })
      await world.sandbox.fault({ kind: 'bad-key' }, { operation: 'release', remaining: null })
    },
    up: async (world) => {
      const { sentence } = await red(world, ours)
      must(/working key/.test(sentence), `It does not say what to do: ${sentence}`)
      const notices = await world.notices()
      const said = notices.filter(({ id }) => id.startsWith(`release:${ours.id}`))
      must(
        said.some((one) => one.id.endsWith(':auth')),
        'Nobody was told.',
      )
      await world.sandbox.clearFaults()
      await world.receipts(ours.id, 1)
    },
  }
}

/** The list shows the machine long after its end: no receipt until it agrees. */
function lingering(): Scenario {
  const listedMs = 30 * 60_000
  let ours: Rented
  return {
    what: 'a list that shows an ended machine for half an hour',
    down: async (world, rent) => {
      await world.sandbox.fault({ kind: 'lingering', ms: listedMs })
      ours = await rent({ warm: false })
    },
    up: async (world) => {
      await world.receipts(ours.id, 1)
      const machine = (await world.sandbox.machines()).find(({ id }) => id === ours.nativeId)
      const [receipt] = receiptsOf(world.rental(ours.id))
      const afterMs = (receipt?.confirmedAt ?? 0) - (machine?.endedAt ?? 0)
      must(afterMs >= listedMs, `The receipt came ${afterMs} ms after the end.`)
      must(receiptsOf(world.rental(ours.id)).length === 1, 'It was taken up again for nothing.')
    },
  }
}

/** It comes back while no engine runs: the look at the start finds it. */
function cameBackWhileDown(): Scenario {
  let ours: Rented
  return {
    what: 'a machine that comes back after its receipt while no engine runs',
    down: async (_world, rent) => {
      ours = await rent({ warm: false })
    },
    up: async (world) => {
      await world.receipts(ours.id, 1)
      await world.restart(async () => await world.sandbox.machine(ours.nativeId, 'revive'))
      await world.receipts(ours.id, 2)
    },
  }
}

/** The account does not answer: what it said before stays, with its age and the reason. */
function silent(): Scenario {
  let ours: Rented
  return {
    what: 'an account that does not answer the radar',
    down: async (_world, rent) => {
      ours = await rent({ warm: true })
    },
    up: async (world) => {
      const signal = AbortSignal.timeout(aWhile.timeoutMs)
      const context = { signal, client: { role: 'test', version: '1' } }
      const ask = async () => await world.handlers.instances.list({ environment: {} }, context)
      const before = await ask()
      await world.sandbox.fault({ kind: 'error', when: 'before' }, { operation: 'list' })
      const after = await ask()
      const [account] = after.accounts
      must(account?.problem !== null && after.problems.length === 1, 'Nobody says that it failed.')
      must(account?.fetchedAt === before.accounts[0]?.fetchedAt, 'What is old looks new.')
      const row = after.billables.find(({ nativeId }) => nativeId === ours.nativeId)
      must(row?.use === 'in-use', 'What was known is gone.')
      await world.handlers.instances.release({ rentalId: ours.id }, context)
      await world.receipts(ours.id, 1)
    },
  }
}
