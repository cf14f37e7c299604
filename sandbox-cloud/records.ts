import type { BillingTerms } from './billing-terms.ts'
import type { GpuModelId } from './gpu-models.ts'

/** Where a machine is in its life. `releasing` is over within moments unless told otherwise. */
export type MachineState = 'booting' | 'running' | 'releasing' | 'ended' | 'failed'

/** Everything the cloud knows of one machine; kept for ever, because the meter's total needs it. */
export interface MachineRecord {
  readonly id: string
  /** The rental's name: a second launch under it answers with this machine. */
  readonly name: string
  readonly tags: Readonly<Record<string, string>>
  readonly type: string
  readonly gpu: { readonly model: GpuModelId; readonly count: number } | null
  readonly region: string
  readonly spot: boolean
  readonly terms: BillingTerms
  readonly microsPerHour: number
  readonly diskGiB: number
  readonly image: string | null
  readonly publicKey: string
  readonly userData: string | null
  readonly state: MachineState
  /** One sentence about a failure or the reason of the end. */
  readonly message: string | null
  readonly launchedAt: number
  /** When it will run; null for a machine that never boots. */
  readonly bootsAt: number | null
  readonly bootFails: boolean
  readonly runningAt: number | null
  readonly endedAt: number | null
  readonly expiresAt: number | null
  readonly reclaimAt: number | null
  /** Not shown by any answer before this time. */
  readonly visibleAt: number
  /** Still listed until this time after its end. */
  readonly listedUntil: number | null
  /** Still `releasing` until this time. */
  readonly releasedAt: number | null
  readonly leaveDisk: boolean
  /** A disk that stayed behind and still shows up as billable. */
  readonly diskLeft: boolean
  /** Further things that stay behind at its end; absent in records of older sandboxes. */
  readonly leaves?: readonly ('address' | 'spot-request')[]
  readonly hostKeyPrivate: string
  /** `ssh-ed25519 AAAA…` as published. */
  readonly hostKeyPublic: string
  readonly port: number | null
  readonly egressBytes: number
  /** Ends this one machine, from the machine itself. */
  readonly token: string
}

/** True while the machine costs money or holds processes. */
export function isLive(record: MachineRecord): boolean {
  return record.state !== 'ended'
}
