import type { Micros } from '../../../preload/contract/money.ts'
import { rentalIdSchema, type Billable, type RentalId } from '../../../preload/contract/rental.ts'
import { micros } from '../../domain/money.ts'
import { epochMs } from '../epoch-ms.ts'
import type { Account, Instance } from '../provider.ts'
import { addressMicrosPerHour, typeOf } from './price-list.ts'
import type { CloudPlace } from '../http/place.ts'
import type { WireMachine } from './wire.ts'

/** Paperspace's Linux templates have this user (SkyPilot's and Cloudy Pad's backends, 2026). */
export const sshUser = 'paperspace'

const states = {
  off: 'failed',
  starting: 'pending',
  stopping: 'stopping',
  restarting: 'pending',
  serviceready: 'pending',
  ready: 'running',
  upgrading: 'pending',
  provisioning: 'pending',
} as const

/** So long a new machine may say that it is off before it is taken at its word. */
const settlesWithinMs = 10 * 60_000

/** A machine as Paperspace describes it. Its host key is pinned at the first login. */
export function instanceOf(
  rentalId: RentalId,
  machine: WireMachine,
  { sshPort }: Pick<CloudPlace, 'sshPort'>,
  now: number,
): Instance {
  const createdAt = epochMs(machine.dtCreated)
  const isNew = createdAt !== null && now - createdAt < settlesWithinMs
  const shown = machine.state === 'off' && isNew ? 'pending' : states[machine.state]
  const state = machine.dtDeleted === null ? shown : 'gone'
  return {
    rentalId,
    instanceId: machine.id,
    state,
    message: state === 'failed' ? 'The machine is switched off, and Paperspace bills it on.' : null,
    ssh:
      machine.publicIp !== null && state === 'running'
        ? { host: machine.publicIp, port: sshPort, user: sshUser, hostKeys: [] }
        : null,
    microsPerHour: microsPerHour(machine) ?? 0,
    gpuIndices: null,
    billedFrom: createdAt,
    reclaimAt: null,
  }
}

/** A machine as a row of what is billed; its disk comes on top. */
export function machineRow(machine: WireMachine, account: Account): Billable {
  const rentalId = rentalIdSchema.safeParse(machine.name)
  return {
    kind: 'machine',
    providerId: account.providerId,
    accountId: account.id,
    nativeId: machine.id,
    name: machine.name,
    rentalId: rentalId.success ? rentalId.data : null,
    homeId: null,
    state: machine.state,
    region: machine.region,
    microsPerHour: microsPerHour(machine),
    createdAt: epochMs(machine.dtCreated),
  }
}

/**
 * What a machine itself says that it costs, with its public address, if that can be US dollars an
 * hour: within five times the price list, or below $100 where the list does not know the type.
 */
export function saidMicrosPerHour({ machineType, usageRate }: WireMachine): Micros | null {
  const said = Math.round(usageRate * 1_000_000)
  const listed = typeOf(machineType)?.microsPerHour
  const isPlausible =
    listed === undefined ? said > 0 && said < 1e8 : said > listed / 5 && said < listed * 5
  return isPlausible ? micros(said + addressMicrosPerHour) : null
}

/** The same, or else by the price list; null where nobody knows. */
export function microsPerHour(machine: WireMachine): Micros | null {
  const listed = typeOf(machine.machineType)?.microsPerHour
  return (
    saidMicrosPerHour(machine) ??
    (listed === undefined ? null : micros(listed + addressMicrosPerHour))
  )
}
