import { SubletError } from '../domain/errors.ts'
import type { Machine } from '../machine/machine.ts'
import { forEachLimited } from './files.ts'
import type { Acknowledged } from './acknowledged.ts'
import type { FrozenFile, FrozenManifest } from './frozen.ts'
import { Lanes, lanesFor } from './lanes.ts'
import { planSend, sameStamp, SMALL_BELOW_BYTES, type SendPlan, type ShapeEntry } from './plan.ts'
import { ProgressMeter, type OnProgress } from './progress.ts'
import {
  pathFeed,
  remoteDiskFull,
  remoteFailure,
  runForBytes,
  shellWord,
} from './remote-command.ts'
import { hashRemote } from './remote-hash.ts'
import { listRemote, PARTIAL_FOLDER, type RemoteListing } from './remote-list.ts'
import {
  findPartials,
  namePartials,
  sendBig,
  type BigFile,
  type FoundPartial,
  type SentBig,
} from './send-big.ts'
import { nameChecked, stampFiles } from './send-finish.ts'
import { sendSmall, stampDirs } from './send-small.ts'
import { checkSources } from './sources.ts'
import { SENDS_IN_FLIGHT } from './window.ts'

export interface SendOptions {
  readonly signal?: AbortSignal
  readonly onProgress?: OnProgress
  /** Connections to use; measured by default. */
  readonly parallel?: number
  /** Remove what is in the remote folder but not in the inputs: only for folders that are ours. */
  readonly exact?: boolean
  /** Remembers across cut connections what the machine has, so that only a window goes again. */
  readonly acknowledged?: Acknowledged
}

export interface SendReport {
  readonly bytesSent: number
  readonly bytesSkipped: number
  readonly filesSent: number
  readonly durationMs: number
  /** The machine's clock when the inputs were complete; later changes are the job's. */
  readonly completeAtS: number
}

const MEDIUM_BELOW_BYTES = 16 * 1024 * 1024
const MEDIUM_AT_ONCE = 8

function sizeOf(files: readonly { readonly size: number }[]): number {
  return files.reduce((sum, file) => sum + file.size, 0)
}

/** Splits "same size, other time" into what must travel and what only needs its stamp. */
async function compareByHash(
  machine: Machine,
  dir: string,
  plan: SendPlan,
  signal?: AbortSignal,
): Promise<{ readonly travel: FrozenFile[]; readonly same: FrozenFile[] }> {
  const travel = [...plan.files]
  const same: FrozenFile[] = []
  if (plan.compare.length === 0) return { travel, same }
  const hashes = await hashRemote(
    machine,
    dir,
    plan.compare.map((file) => file.path),
    signal,
  )
  for (const file of plan.compare)
    (hashes.get(file.path) === file.sha256 ? same : travel).push(file)
  return { travel, same }
}

async function removeRemote(
  machine: Machine,
  dir: string,
  paths: SendPlan['remove'],
  signal?: AbortSignal,
): Promise<void> {
  if (paths.length === 0) return
  const outcome = await runForBytes(
    machine,
    `cd ${shellWord(dir)} && xargs -0 rm -rf --`,
    pathFeed(paths),
    signal,
  )
  if (outcome.exitCode !== 0) throw remoteFailure(machine, `clear ${dir}`, outcome)
}

async function sendAllBig(
  machine: Machine,
  lanes: Lanes,
  frozen: FrozenManifest,
  dir: string,
  bigs: readonly BigFile[],
  meter: ProgressMeter,
  { signal, acknowledged }: SendOptions,
): Promise<void> {
  const medium = bigs.filter((big) => big.file.size < MEDIUM_BELOW_BYTES)
  const large = bigs.filter((big) => big.file.size >= MEDIUM_BELOW_BYTES)
  const shared = {
    meter,
    ...(signal === undefined ? {} : { signal }),
    ...(acknowledged === undefined ? {} : { acknowledged }),
  }
  const sent: SentBig[] = []
  await forEachLimited(medium.entries(), MEDIUM_AT_ONCE, async ([index, big]) => {
    const depth = (SENDS_IN_FLIGHT * lanes.machines.length) / MEDIUM_AT_ONCE
    sent.push(
      await sendBig([lanes.lane(index)], frozen, dir, big, { ...shared, depth, follow: false }),
    )
  })
  let checking = nameChecked(machine, frozen, dir, sent, signal)
  checking.catch(() => undefined) // It is awaited below; until then it must not count as unhandled.
  for (const big of large) {
    const options = { ...shared, depth: SENDS_IN_FLIGHT, follow: true }
    const arrived = await sendBig(lanes.machines, frozen, dir, big, options)
    await checking
    checking = nameChecked(machine, frozen, dir, [arrived], signal)
    checking.catch(() => undefined)
  }
  await checking
  for (const { mark } of bigs) acknowledged?.forget(mark)
}

/** Read-only folders of an earlier transfer open up while we write; their own mode comes back last. */
async function unlockFolders(
  machine: Machine,
  dir: string,
  listing: RemoteListing,
  wrote: boolean,
  signal?: AbortSignal,
): Promise<void> {
  const locked = [...listing.entries.values()].filter(
    ({ kind, mode }) => kind === 'dir' && (mode & 0o700) !== 0o700,
  )
  if (!wrote || locked.length === 0) return
  const feed = pathFeed(locked.map(({ path }) => path))
  const command = `cd ${shellWord(dir)} && xargs -0 chmod u+rwx --`
  const outcome = await runForBytes(machine, command, feed, signal)
  if (outcome.exitCode !== 0) throw remoteFailure(machine, `write into ${dir}`, outcome)
}

/** After a full disk: what this attempt wrote but could not check must not fill it further. */
async function cleanUp(machine: Machine, dir: string, small: readonly FrozenFile[]): Promise<void> {
  const command = `cd ${shellWord(dir)} && rm -rf ./${PARTIAL_FOLDER} && xargs -0 rm -f --`
  await runForBytes(machine, command, pathFeed(small.map((file) => file.path)))
}

function staleDirs(frozen: FrozenManifest, plan: SendPlan, wrote: boolean): readonly ShapeEntry[] {
  return wrote ? frozen.entries.filter((entry) => entry.kind === 'dir') : plan.staleDirs
}

function stampNeeded(same: readonly FrozenFile[], listing: RemoteListing): FrozenFile[] {
  return same.filter((file) => {
    const remote = listing.entries.get(file.path)
    return remote !== undefined && !sameStamp(file, remote)
  })
}

/**
 * Makes `dir` on the machine hold the frozen inputs; only what differs travels, and everything
 * that travelled is checked by hash. Safe to call again after any failure: it goes on where the
 * last attempt stopped. Errors: `input-missing`, `input-changed`, `disk-full`, `unreachable`.
 */
export async function sendTree(
  machine: Machine,
  frozen: FrozenManifest,
  dir: string,
  options: SendOptions = {},
): Promise<SendReport> {
  const { signal } = options
  const startMs = performance.now()
  const listing = await listRemote(machine, dir, signal === undefined ? {} : { signal })
  const plan = planSend(frozen.entries, listing, options.exact ?? false)
  const { travel, same } = await compareByHash(machine, dir, plan, signal)
  await checkSources(frozen, travel)
  const small = travel.filter((file) => file.size < SMALL_BELOW_BYTES)
  const known = listing.unfinished
    ? await findPartials(machine, dir, options.acknowledged, signal)
    : new Map<string, FoundPartial>()
  const bigs = namePartials(
    travel.filter((file) => file.size >= SMALL_BELOW_BYTES),
    known,
  )
  const resumed = bigs.reduce((sum, big) => sum + big.start, 0)
  const bytes = sizeOf(travel) - resumed
  if (bytes > listing.freeBytes) throw tooLarge(machine, bytes, listing.freeBytes)
  const meter = new ProgressMeter(bytes, travel.length, options.onProgress)
  const wrote = plan.remove.length + plan.shape.length + travel.length > 0
  let completeAtS = listing.nowS
  if (
    wrote ||
    same.length > 0 ||
    plan.staleDirs.length > 0 ||
    listing.unfinished ||
    !listing.exists
  ) {
    const count = options.parallel ?? lanesFor(listing.roundTripMs, bytes)
    const lanes = new Lanes(machine, count, listing.roundTripMs, signal)
    try {
      await unlockFolders(machine, dir, listing, wrote, signal)
      await removeRemote(machine, dir, plan.remove, signal)
      const shared = {
        meter,
        hasGzip: listing.hasGzip,
        ...(signal === undefined ? {} : { signal }),
      }
      if (wrote || !listing.exists) await sendSmall(lanes, frozen, dir, plan.shape, small, shared)
      await sendAllBig(machine, lanes, frozen, dir, bigs, meter, options)
      await stampFiles(machine, dir, stampNeeded(same, listing), signal)
      completeAtS = await stampDirs(machine, dir, staleDirs(frozen, plan, wrote), signal)
    } catch (error) {
      if (error instanceof SubletError && error.code === 'disk-full')
        await cleanUp(machine, dir, small)
      throw error
    } finally {
      lanes.close()
    }
  }
  meter.finish()
  return {
    bytesSent: bytes,
    bytesSkipped: sizeOf(plan.unchanged) + sizeOf(same) + resumed,
    filesSent: travel.length,
    durationMs: performance.now() - startMs,
    completeAtS,
  }
}

function tooLarge(machine: Machine, bytes: number, freeBytes: number): SubletError {
  const inGb = (value: number): string => (value / 1e9).toFixed(2)
  const full = remoteDiskFull(machine)
  return new SubletError(
    'disk-full',
    `${inGb(bytes)} GB have to go to ${machine.label}, but only ${inGb(freeBytes)} GB are free there; choose a machine with a larger disk, or send less.`,
    full.extras,
  )
}
