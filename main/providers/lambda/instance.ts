import { rentalIdSchema, type Billable, type RentalId } from '../../../preload/contract/rental.ts'
import { micros } from '../../domain/money.ts'
import { epochMs } from '../epoch-ms.ts'
import type { Account, Instance } from '../provider.ts'
import { microsPerHour } from './offers.ts'
import type { CloudPlace } from '../http/place.ts'
import type { WireInstance } from './wire.ts'

/** The tag that says which Sublet home rented a machine. */
export const homeTag = 'sublet-home'

const states = {
  booting: 'pending',
  active: 'running',
  unhealthy: 'failed',
  terminating: 'stopping',
  terminated: 'gone',
  preempted: 'gone',
} as const

/** Lambda's images have this user (dstack's backend for Lambda, 2026-08). */
export const sshUser = 'ubuntu'

/** A machine as Lambda describes it. The host key is the one that we have sent. */
export function instanceOf(
  rentalId: RentalId,
  machine: WireInstance,
  { sshPort }: Pick<CloudPlace, 'sshPort'>,
): Instance {
  const state = states[machine.status]
  return {
    rentalId,
    instanceId: machine.id,
    state,
    message: machine.status === 'unhealthy' ? 'Lambda calls the machine unhealthy.' : null,
    ssh:
      machine.ip && state === 'running'
        ? { host: machine.ip, port: sshPort, user: sshUser, hostKeys: [] }
        : null,
    microsPerHour: microsPerHour(machine.instance_type),
    gpuIndices: null,
    billedFrom: null,
    reclaimAt: null,
  }
}

/** A machine as a row of what is billed. */
export function machineRow(machine: WireInstance, account: Account): Billable {
  const rentalId = rentalIdSchema.safeParse(machine.name)
  return {
    kind: 'machine',
    providerId: account.providerId,
    accountId: account.id,
    nativeId: machine.id,
    name: machine.name ?? '',
    rentalId: rentalId.success ? rentalId.data : null,
    homeId: machine.tags?.find(({ key }) => key === homeTag)?.value ?? null,
    state: machine.status,
    region: machine.region.name,
    microsPerHour: microsPerHour(machine.instance_type),
    createdAt: null,
  }
}

export interface Filesystem {
  readonly id: string
  readonly name: string
  readonly created: string
  readonly region: { readonly name: string }
  readonly bytes_used?: number | null | undefined
}

/** $0.20 a GiB and month of 730 hours (docs.lambda.ai/public-cloud/billing/, read 2026-11). */
const microsPerGibHour = 200_000 / 730

/** A file system as a row of what is billed: nothing that Sublet makes. */
export function filesystemRow(filesystem: Filesystem, account: Account): Billable {
  return {
    kind: 'disk',
    providerId: account.providerId,
    accountId: account.id,
    nativeId: filesystem.id,
    name: filesystem.name,
    rentalId: null,
    homeId: null,
    state: 'kept',
    region: filesystem.region.name,
    microsPerHour:
      filesystem.bytes_used == null
        ? null
        : micros(Math.round((filesystem.bytes_used / 2 ** 30) * microsPerGibHour)),
    createdAt: epochMs(filesystem.created),
  }
}
