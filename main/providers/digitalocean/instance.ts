import { rentalIdSchema, type Billable, type RentalId } from '../../../preload/contract/rental.ts'
import { epochMs } from '../epoch-ms.ts'
import type { Account, Instance } from '../provider.ts'
import { microsPerHour } from './offers.ts'
import type { CloudPlace } from '../http/place.ts'
import type { WireDroplet } from './wire.ts'

/** The tag that says which Sublet home rented a machine: `sublet-home:` and its id. */
export const homeTag = 'sublet-home:'

const states = { new: 'pending', active: 'running', off: 'failed', archive: 'failed' } as const

/** The AI/ML images log in as root (docs.digitalocean.com, dstack's backend, 2026-08). */
export const sshUser = 'root'

/** A droplet as DigitalOcean describes it. The host key is the one that we have sent. */
export function instanceOf(
  rentalId: RentalId,
  droplet: WireDroplet,
  { sshPort }: Pick<CloudPlace, 'sshPort'>,
): Instance {
  const state = states[droplet.status]
  const address = droplet.networks.v4?.find(({ type }) => type === 'public')?.ip_address
  return {
    rentalId,
    instanceId: String(droplet.id),
    state,
    message:
      state === 'failed'
        ? 'The droplet is switched off, and DigitalOcean goes on billing it.'
        : null,
    ssh:
      address !== undefined && state === 'running'
        ? { host: address, port: sshPort, user: sshUser, hostKeys: [] }
        : null,
    microsPerHour: microsPerHour(droplet.size),
    gpuIndices: null,
    billedFrom: epochMs(droplet.created_at),
    reclaimAt: null,
  }
}

/** A droplet as a row of what is billed. */
export function machineRow(droplet: WireDroplet, account: Account): Billable {
  const rentalId = rentalIdSchema.safeParse(droplet.name)
  const home = droplet.tags.find((tag) => tag.startsWith(homeTag))
  return {
    kind: 'machine',
    providerId: account.providerId,
    accountId: account.id,
    nativeId: String(droplet.id),
    name: droplet.name,
    rentalId: rentalId.success ? rentalId.data : null,
    homeId: home?.slice(homeTag.length) ?? null,
    state: droplet.status,
    region: droplet.region.slug,
    microsPerHour: microsPerHour(droplet.size),
    createdAt: epochMs(droplet.created_at),
  }
}
