import { sshUser } from '../machine/shell.ts'
import type { ExtraRecord } from '../extras.ts'
import type { Bill } from '../meter.ts'
import type { MachineRecord } from '../records.ts'

/** A machine as the API shows it: no private keys, no token. Times are epoch ms, cloud time. */
export function machineView(record: MachineRecord, bill: Bill): Readonly<Record<string, unknown>> {
  const { id, name, tags, type, region, spot, state, message, microsPerHour, diskGiB } = record
  const { launchedAt, runningAt, endedAt, expiresAt, reclaimAt } = record
  const reachable = record.state === 'running' && record.port !== null
  return {
    id,
    name,
    tags,
    type,
    region,
    spot,
    state,
    message,
    microsPerHour,
    diskGiB,
    launchedAt,
    runningAt,
    endedAt,
    expiresAt,
    reclaimAt,
    ssh: reachable
      ? { host: '127.0.0.1', port: record.port, user: sshUser, hostKeys: [record.hostKeyPublic] }
      : null,
    billing: bill,
    simulated: true,
  }
}

/** What still shows up on the bill: live machines, and what was left behind or never had one. */
export function billableViews(
  records: readonly MachineRecord[],
  extras: readonly ExtraRecord[],
): readonly Readonly<Record<string, unknown>>[] {
  const machines = records.map((record) => {
    const { id, name, tags, region, state, microsPerHour, launchedAt } = record
    const shared = { name, tags, region, createdAt: launchedAt }
    return record.diskLeft
      ? {
          ...shared,
          kind: 'disk',
          id: `${id}-disk`,
          state: 'detached',
          microsPerHour: null,
          machineId: id,
        }
      : { ...shared, kind: 'machine', id, state, microsPerHour, machineId: null }
  })
  const others = extras.map((extra) => ({
    ...extra,
    state: extra.kind === 'spot-request' ? 'open' : 'detached',
  }))
  return [...machines, ...others]
}

/** A page of a list: `next` is the cursor of the following page, or null. */
export function page<T>(
  items: readonly T[],
  cursor: string | null,
  size: number,
): { readonly items: readonly T[]; readonly next: string | null } {
  const start = Math.max(0, Number(cursor ?? '0') || 0)
  const end = start + size
  return { items: items.slice(start, end), next: end < items.length ? String(end) : null }
}
