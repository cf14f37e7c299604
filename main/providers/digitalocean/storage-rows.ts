import type { Billable } from '../../../preload/contract/rental.ts'
import { micros } from '../../domain/money.ts'
import { epochMs } from '../epoch-ms.ts'
import type { Account } from '../provider.ts'
import type { WireAddress, WireImage, WireVolume } from './wire.ts'

// Prices: the pages "Pricing" of volumes, reserved IPs and snapshots at docs.digitalocean.com, read
// 2025-12. A month is reached after 672 hours.
const volumeMicrosPerGibHour = 100_000 / 672
const imageMicrosPerGbHour = 60_000 / 672
const idleAddressMicrosPerHour = 10_000

/** A volume as a row of what is billed: nothing that Sublet makes, attached or not. */
export function volumeRow(volume: WireVolume, account: Account): Billable {
  return {
    ...stranger(account),
    kind: 'disk',
    nativeId: volume.id,
    name: volume.name,
    state: volume.droplet_ids?.length ? 'attached' : 'kept',
    region: volume.region.slug,
    microsPerHour: micros(Math.round(volume.size_gigabytes * volumeMicrosPerGibHour)),
    createdAt: epochMs(volume.created_at),
  }
}

/** A reserved address; free while a droplet has it. It has no name but itself. */
export function addressRow({ ip, droplet, region }: WireAddress, account: Account): Billable {
  return {
    ...stranger(account),
    kind: 'address',
    nativeId: ip,
    name: ip,
    state: droplet ? 'assigned' : 'reserved',
    region: region.slug,
    microsPerHour: micros(droplet ? 0 : idleAddressMicrosPerHour),
    createdAt: null,
  }
}

/** A snapshot, a backup or an image of one's own. */
export function imageRow(image: WireImage, account: Account): Billable {
  const { size_gigabytes: sizeGb } = image
  return {
    ...stranger(account),
    kind: 'other',
    nativeId: String(image.id),
    name: image.name,
    state: 'kept',
    region: image.regions[0] ?? '',
    microsPerHour: sizeGb == null ? null : micros(Math.round(sizeGb * imageMicrosPerGbHour)),
    createdAt: epochMs(image.created_at),
  }
}

function stranger({ id, providerId }: Account) {
  return { providerId, accountId: id, rentalId: null, homeId: null }
}
