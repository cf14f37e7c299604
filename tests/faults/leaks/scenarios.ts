import { SubletError } from '../../../main/domain/errors.ts'
import { receiptsOf } from '../../../main/domain/rental/receipts.ts'
import { eventually } from '../../support/eventually.ts'
import { newLoginKey, newRentalId } from '../../support/rent.ts'
import type { LeakWorld, Listed, Rented } from './world.ts'

/** One kind of leak: what it plants, and what it then expects. Throws what was not kept. */
export interface Scenario {
  readonly what: string
  /** Before the engine starts: machines of this home. */
  readonly down?: (
    world: LeakWorld,
    rent: (how: { readonly warm: boolean }) => Promise<Rented>,
  ) => Promise<void>
  /** While it runs; several scenarios at once on one world. */
  readonly up: (world: LeakWorld) => Promise<void>
}

const aWhile = { timeoutMs: 30_000, everyMs: 50 }
const sshKey = newLoginKey().publicKey
const small = { type: 't4-1', region: 'us-east', publicKey: sshKey }

/** Waits for the radar's own rounds to find it: the first one that began after it was there must. */
async function found(world: LeakWorld, nativeId: string, what: string): Promise<Listed> {
  let missedAt = 0
  const row = await eventually(
    async () => {
      const { billables, fetchedAt } = await world.known()
      const there = billables.find((one) => one.nativeId === nativeId) ?? null
      if (there === null) missedAt = fetchedAt
      return there
    },
    { ...aWhile, what: `a round to find ${what}` },
  )
  must(missedAt <= (row.createdAt ?? 0), `A round went by without ${what}.`)
  return row
}

async function alive(world: LeakWorld, nativeId: string): Promise<boolean> {
  const billables = await world.sandbox.billables()
  return billables.some(({ id, state }) => id === nativeId && state !== 'releasing')
}

export function must(holds: boolean, sentence: string): void {
  if (!holds) throw new Error(sentence)
}

async function refusesOtherNames(world: LeakWorld, what: Listed): Promise<void> {
  const refused = await world.endStranger(what, 'yes').then(
    () => false,
    (thrown: unknown) => thrown instanceof SubletError && thrown.code === 'confirmation-needed',
  )
  must(refused, `${what.nativeId} was ended without its name.`)
}

/** Machines of this home that nothing needs, with all that they leave behind. */
export function ownLeftovers(): Scenario[] {
  return (['nothing', 'disk', 'address', 'spot-request'] as const).map((left) => {
    let ours: Rented
    return {
      what: `a machine without job that leaves ${left === 'nothing' ? left : `a ${left}`} behind`,
      down: async (world, rent) => {
        if (left !== 'nothing') await world.sandbox.fault({ kind: `leftover-${left}` })
        ours = await rent({ warm: false })
      },
      up: async (world) => {
        await world.receipts(ours.id, 1)
        const [receipt] = receiptsOf(world.rental(ours.id))
        must(receipt?.instanceId === ours.nativeId, 'The receipt is of another machine.')
        const deleted = receipt?.evidence.some(({ answered }) => answered === 'deleted')
        must(deleted === (left !== 'nothing'), 'The receipt does not say what was deleted.')
        const billables = await world.sandbox.billables()
        must(!billables.some(({ name }) => name === ours.id), 'Something of it is still billed.')
      },
    }
  })
}

/** What comes back after the receipt: the machine itself, or something that was made for it. */
export function comeBacks(): Scenario[] {
  return (['machine', 'disk', 'address'] as const).map((kind) => {
    let ours: Rented
    return {
      what: `a ${kind} that is listed again after its receipt`,
      down: async (_world, rent) => {
        ours = await rent({ warm: false })
      },
      up: async (world) => {
        await world.receipts(ours.id, 1)
        if (kind === 'machine') await world.sandbox.machine(ours.nativeId, 'revive')
        else {
          const extra = { kind, name: ours.id, machineId: ours.nativeId } as const
          await world.sandbox.plantExtra({ ...extra, microsPerHour: 5_000 })
        }
        await world.receipts(ours.id, 2)
        const receipts = receiptsOf(world.rental(ours.id))
        must(receipts.length === 2, `It has ${receipts.length} receipts.`)
        must(!(await alive(world, ours.nativeId)), 'The machine still runs.')
        const notices = await world.notices()
        const said = notices.filter(({ id }) => id.startsWith(`release:${ours.id}`)).length
        must(said <= 1, `It was said ${said} times.`)
      },
    }
  })
}

/** Another machine under the name of one that is in use: seen, left alone, ended by its id. */
export function copies(): Scenario[] {
  let ours: Rented
  return [
    {
      what: 'a copy that carries the name and tag of a machine in use',
      down: async (_world, rent) => {
        ours = await rent({ warm: true })
      },
      up: async (world) => {
        const tags = { 'sublet-home': world.homeId }
        const copy = await world.sandbox.plantMachine({ ...small, name: ours.id, tags })
        const row = await found(world, copy, 'the copy')
        must(row.use === 'unused' && row.release === 'name' && !row.ours, 'It is taken for ours.')
        must((await found(world, ours.nativeId, 'ours')).use === 'in-use', 'Ours is not in use.')
        await refusesOtherNames(world, row)
        must(await world.endStranger(row, ours.id), 'The copy is not gone.')
        must(!(await alive(world, copy)), 'The copy still runs.')
        must(await alive(world, ours.nativeId), 'Ours was ended in place of its copy.')
        must(world.rental(ours.id).phase === 'up', 'Ours is no longer in use.')
      },
    },
  ]
}

/** What this home's journal does not know. `typed`: the user ends it in the end. */
export function strangers(): Scenario[] {
  const unknownJob: Scenario = {
    what: 'a machine of this home that its journal (restored, lost) does not know',
    up: async (world) => {
      const name = newRentalId()
      const tags = { 'sublet-home': world.homeId }
      const id = await world.sandbox.plantMachine({ ...small, name, tags })
      const row = await found(world, id, 'it')
      must(row.use === 'unused' && row.release === 'name', 'It is not said to be unused.')
      const notices = await world.notices()
      must(notices.filter((one) => one.id.endsWith(id)).length === 1, 'It is not said once.')
      await refusesOtherNames(world, row)
      must(await alive(world, id), 'It was ended without the user’s word.')
      must(await world.endStranger(row, name), 'It is not gone.')
    },
  }
  const others = (
    [
      ['another home’s machine', newRentalId(), { 'sublet-home': 'another-home' }],
      ['nobody’s machine', 'jupyter-box', {}],
    ] as const
  ).map(([what, name, tags]): Scenario => {
    return {
      what,
      up: async (world) => {
        const id = await world.sandbox.plantMachine({ ...small, name, tags })
        const row = await found(world, id, what)
        must(row.use === 'stranger' && row.release === 'name', `It is ${row.use}.`)
        await refusesOtherNames(world, row)
        untouched(world).add(id)
      },
    }
  })
  const things = (['disk', 'address', 'spot-request'] as const).map((kind): Scenario => {
    return {
      what: `nobody’s ${kind}, ${kind === 'disk' ? 'without a known price' : 'forgotten'}`,
      up: async (world) => {
        const microsPerHour = kind === 'address' ? 5_000 : null
        const id = await world.sandbox.plantExtra({ kind, name: '', microsPerHour })
        const row = await found(world, id, what(kind))
        must(row.use === 'stranger', `It is ${row.use}.`)
        const month = microsPerHour === null ? null : microsPerHour * 730
        must(row.microsPerMonth === month, `It costs ${row.microsPerMonth} a month.`)
        await refusesOtherNames(world, row)
        if (kind === 'spot-request') untouched(world).add(id)
        else must(await world.endStranger(row, id), 'It is not gone.')
      },
    }
  })
  return [unknownJob, ...others, ...things]
}

const what = (kind: string): string => `nobody’s ${kind}`

const kept = new WeakMap<LeakWorld, Set<string>>()

/** Ids that must be there, untouched, when all is over. */
export function untouched(world: LeakWorld): Set<string> {
  const known = kept.get(world) ?? new Set<string>()
  kept.set(world, known)
  return known
}
