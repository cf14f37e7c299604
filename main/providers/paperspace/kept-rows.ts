import type { Billable } from '../../../preload/contract/rental.ts'
import { epochMs } from '../epoch-ms.ts'
import type { Account } from '../provider.ts'
import { addressMicrosPerHour } from './price-list.ts'
import type { WireAddress, WireDrive, WireKept } from './wire.ts'

/**
 * A claimed address. Sublet asks for dynamic ones only, which go with their machine; should one stay,
 * it still names the machine.
 */
export function addressRow(address: WireAddress, account: Account): Billable {
  const { ip, region, assignedMachineId: machineId } = address
  return {
    ...stranger(account),
    kind: 'address',
    nativeId: ip,
    name: ip,
    state: machineId ? 'assigned' : 'claimed',
    region,
    microsPerHour: addressMicrosPerHour,
    createdAt: epochMs(address.dtCreated),
    belongsTo: machineId ?? null,
  }
}

/** A shared drive: nothing that Sublet makes. Its price follows its size, whose unit is not told. */
export function driveRow({ id, name, region, dtCreated }: WireDrive, account: Account): Billable {
  return {
    ...stranger(account),
    kind: 'disk',
    nativeId: id,
    name,
    state: 'kept',
    region,
    microsPerHour: null,
    createdAt: epochMs(dtCreated),
  }
}

/** A snapshot, a template or a private network. */
export function keptRow(
  { id, name, region, dtCreated }: WireKept,
  what: string,
  account: Account,
): Billable {
  return {
    ...stranger(account),
    kind: 'other',
    nativeId: id,
    name: `${name} (${what})`,
    state: 'kept',
    region: region ?? '',
    microsPerHour: null,
    createdAt: epochMs(dtCreated),
  }
}

function stranger({ id, providerId }: Account) {
  return { providerId, accountId: id, rentalId: null, homeId: null }
}
