import { rentalIdSchema, type Billable, type RentalId } from '../../../preload/contract/rental.ts'
import { asSentence } from '../http/explain.ts'
import type { Account, Instance } from '../provider.ts'
import { regionOf } from './offers.ts'
import { dollars } from './units.ts'
import type { WireInstance, WireVolume } from './wire.ts'

/** The one thing that a machine can be named by holds both: whose it is, and from which home. */
export const labelOf = (rentalId: RentalId, homeId: string): string => `${rentalId} ${homeId}`

function namesIn(label: string | null | undefined): Pick<Billable, 'rentalId' | 'homeId'> {
  const [first = '', home = null] = (label ?? '').split(' ')
  const rentalId = rentalIdSchema.safeParse(first)
  return rentalId.success
    ? { rentalId: rentalId.data, homeId: home }
    : { rentalId: null, homeId: null }
}

/**
 * Stopped, with no wish to run: outbid, out of credit, or at the end of the host's offer. The GPU is
 * somebody else's and only the disk is billed, so that nothing but a disk is left of the machine.
 */
export function isPaused({ intended_status, cur_state, next_state, actual_status }: WireInstance) {
  return (
    cur_state === 'stopped' &&
    actual_status !== 'running' &&
    (intended_status === 'stopped' || next_state === 'stopped')
  )
}

/** A machine as Vast.ai describes it. */
export function instanceOf(rentalId: RentalId, machine: WireInstance): Instance {
  const { state, message } = stateOf(machine)
  const host = machine.public_ipaddr?.trim()
  const port = Number(machine.ports?.['22/tcp']?.[0]?.HostPort)
  return {
    rentalId,
    instanceId: String(machine.id),
    state,
    message,
    ssh: state === 'running' && host && port ? { host, port, user: 'root', hostKeys: [] } : null,
    microsPerHour: dollars(machine.dph_base),
    gpuIndices: null,
    billedFrom: null,
    reclaimAt: null,
  }
}

function stateOf(machine: WireInstance): Pick<Instance, 'state' | 'message'> {
  const { actual_status: status, status_msg: said, is_bid: isBid } = machine
  if (isPaused(machine)) {
    const why = isBid ? 'for a higher bid' : 'by itself'
    return {
      state: 'gone',
      message: `Vast.ai has paused the machine ${why}; its disk is billed on.`,
    }
  }
  // "It will never reach running" (docs.vast.ai, hello-world, 2026-08).
  switch (status ?? 'none yet') {
    case 'running':
      return { state: 'running', message: null }
    case 'exited':
      return { state: 'failed', message: withWords('The machine’s container has ended', said) }
    case 'unknown':
      return { state: 'failed', message: 'Vast.ai hears nothing of the machine any more.' }
    case 'offline':
      return { state: 'failed', message: 'The machine’s host is offline.' }
    default:
      return /OCI runtime create failed/.test(said ?? '')
        ? { state: 'failed', message: withWords('The host cannot start the machine', said) }
        : { state: 'pending', message: status === 'loading' ? 'The image is being loaded.' : null }
  }
}

function withWords(sentence: string, said: string | null | undefined): string {
  return said ? asSentence(`${sentence}: ${said}`) : `${sentence}.`
}

/** A machine as a row of what is billed: with its disk, or that alone while it is stopped. */
export function machineRow(machine: WireInstance, account: Account): Billable {
  const { id, label, dph_base: gpu, dph_total: all, storage_total_cost: disk } = machine
  const paused = isPaused(machine)
  const price = paused ? disk : (all ?? gpu)
  return {
    kind: paused ? 'disk' : 'machine',
    providerId: account.providerId,
    accountId: account.id,
    nativeId: String(id),
    name: label ?? '',
    ...namesIn(label),
    state: paused ? 'stopped' : (machine.actual_status ?? 'starting'),
    region: regionOf(machine.geolocation),
    microsPerHour: price == null ? null : dollars(price),
    createdAt: atMs(machine.start_date),
    ...(paused ? { belongsTo: String(id) } : {}),
  }
}

/** How Vast.ai names volumes, and how they are told from stopped machines: `V.20118481`. */
export const volumePrefix = 'V.'

/** A volume as a row of what is billed: nothing that Sublet makes. */
export function volumeRow(volume: WireVolume, account: Account): Billable {
  const nativeId = `${volumePrefix}${volume.id}`
  return {
    kind: 'disk',
    providerId: account.providerId,
    accountId: account.id,
    nativeId,
    name: volume.label || nativeId,
    rentalId: null,
    homeId: null,
    state: volume.status ?? 'kept',
    region: regionOf(volume.geolocation),
    microsPerHour: volume.storage_total_cost == null ? null : dollars(volume.storage_total_cost),
    createdAt: atMs(volume.start_date),
  }
}

/** Epoch seconds with a fraction. */
const atMs = (seconds: number | null | undefined): number | null =>
  seconds == null ? null : Math.round(seconds * 1_000)
