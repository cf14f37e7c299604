import { rentalIdSchema, type Billable, type RentalId } from '../../../preload/contract/rental.ts'
import { micros } from '../../domain/money.ts'
import { microsOfUsd } from '../../domain/usd.ts'
import { epochMs } from '../epoch-ms.ts'
import type { Account, Instance } from '../provider.ts'
import type { WirePod, WireVolume } from './wire.ts'

type State = Instance['state']

const states: Readonly<Record<string, State>> = {
  PROVISIONING: 'pending',
  STARTING: 'pending',
  RUNNING: 'running',
  EXITED: 'failed',
  ERROR: 'failed',
  TERMINATED: 'gone',
}

/** A pod as RunPod describes it. The host key is the one that we have sent. */
export function instanceOf(rentalId: RentalId, pod: WirePod): Instance {
  const state = states[pod.status] ?? 'pending'
  const { direct } = pod.ssh
  return {
    rentalId,
    instanceId: pod.id,
    state,
    message: messageOf(pod),
    ssh:
      direct !== null && state === 'running'
        ? { host: direct.host, port: direct.port, user: direct.username, hostKeys: [] }
        : null,
    microsPerHour: microsOfUsd(pod.cost),
    gpuIndices: null,
    billedFrom: null,
    reclaimAt: null,
  }
}

function messageOf({ status, ssh }: WirePod): string | null {
  if (status === 'EXITED') {
    return 'The container has stopped: its image does not keep running, somebody has stopped it, or the credit of the RunPod account is used up.'
  }
  if (status === 'ERROR') return 'RunPod says that the container cannot run.'
  if (status === 'RUNNING' && ssh.direct === null) {
    return 'The container runs, but RunPod has not given it a public SSH port; some community hosts have none.'
  }
  return null
}

/** Permanently deleted, and not billed. */
export const isGone = ({ status }: WirePod): boolean => status === 'TERMINATED'

/** A pod as a row of what is billed. A stopped one is billed for its volume. */
export function podRow(pod: WirePod, account: Account): Billable {
  const rentalId = rentalIdSchema.safeParse(pod.name)
  return {
    kind: 'machine',
    providerId: account.providerId,
    accountId: account.id,
    nativeId: pod.id,
    name: pod.name,
    rentalId: rentalId.success ? rentalId.data : null,
    homeId: pod.env?.SUBLET_HOME_ID ?? null,
    state: pod.status.toLowerCase(),
    region: pod.dataCenterId ?? pod.cloud.toLowerCase(),
    microsPerHour:
      pod.status === 'EXITED'
        ? perHour(pod.mounts?.persistent?.size ?? 0, stoppedVolume)
        : microsOfUsd(pod.cost),
    createdAt: epochMs(pod.createdAt),
  }
}

// https://docs.runpod.io/pods/pricing, read 2026-11. Micro-dollars a GB and month; by the description
// a network volume is of one of two tiers, and the dearer price of the page is taken for both.
const stoppedVolume = 200_000
const networkVolume = (sizeGb: number): number => (sizeGb < 1_000 ? 70_000 : 50_000)
const hoursPerMonth = 730

/** A network volume as a row of what is billed: nothing that Sublet makes. */
export function volumeRow(volume: WireVolume, account: Account): Billable {
  return {
    kind: 'disk',
    providerId: account.providerId,
    accountId: account.id,
    nativeId: volume.id,
    name: volume.name,
    rentalId: null,
    homeId: null,
    state: 'kept',
    region: volume.dataCenter,
    microsPerHour: perHour(volume.size, networkVolume(volume.size)),
    createdAt: null,
  }
}

function perHour(sizeGb: number, microsPerGbMonth: number) {
  return micros(Math.round((sizeGb * microsPerGbMonth) / hoursPerMonth))
}
