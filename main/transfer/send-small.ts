import { Readable } from 'node:stream'
import { createGzip, gzipSync } from 'node:zlib'
import type { Machine } from '../machine/machine.ts'
import type { FrozenFile, FrozenManifest } from './frozen.ts'
import { splitForLanes, type Lanes } from './lanes.ts'
import type { ShapeEntry } from './plan.ts'
import type { ProgressMeter } from './progress.ts'
import { pathFromText, type PathBytes } from './path-bytes.ts'
import {
  answerLimitBytes,
  pathFeed,
  remoteFailure,
  runForBytes,
  shellWord,
} from './remote-command.ts'
import { FIND_HASH_TOOL, hashRemote, needsOwnCall, parseHashes } from './remote-hash.ts'
import { checkHashes } from './send-finish.ts'
import { PARTIAL_FOLDER } from './remote-list.ts'
import { readSource } from './sources.ts'
import { tarStream, type TarMember } from './tar-write.ts'

/** Below this round trip the link is as fast as gzip, so packing would only cost time. */
const GZIP_FROM_ROUND_TRIP_MS = 10
const GZIP_SAMPLES = 8
const GZIP_RATIO = 0.7

function shapeMember(entry: ShapeEntry, mode: number): TarMember {
  const { path, kind, mtimeMs } = entry
  const link = entry.kind === 'symlink' ? { target: entry.target } : {}
  return { path, kind, mtimeMs, mode, size: 0, ...link }
}

function fileMember(frozen: FrozenManifest, file: FrozenFile, meter: ProgressMeter): TarMember {
  return {
    ...file,
    content: async () => {
      const content = await readSource(frozen, file)
      meter.add(content.length, 1)
      return content
    },
  }
}

async function gzipPays(frozen: FrozenManifest, files: readonly FrozenFile[]): Promise<boolean> {
  const step = Math.max(1, Math.floor(files.length / GZIP_SAMPLES))
  let before = 0
  let after = 0
  for (let index = 0; index < files.length; index += step) {
    const file = files[index]
    if (file === undefined) break
    const content = await readSource(frozen, file)
    before += content.length
    after += gzipSync(content, { level: 1 }).length
  }
  return after < before * GZIP_RATIO
}

/** Unpacks one stream on the machine and, with the same command, hashes the files that it held. */
async function extract(
  machine: Machine,
  frozen: FrozenManifest,
  dir: string,
  part: {
    readonly members: readonly TarMember[]
    readonly files: readonly FrozenFile[]
    readonly number: number
  },
  options: { readonly gzip: boolean; readonly signal?: AbortSignal },
): Promise<void> {
  const { members, files, number } = part
  const plain = files.filter(({ path }) => !needsOwnCall(path)).map(({ path }) => path)
  const odd = files.filter(({ path }) => needsOwnCall(path)).map(({ path }) => path)
  const list = `${PARTIAL_FOLDER}/check-${number}`
  const stream = tarStream([...members, ...(plain.length === 0 ? [] : [listMember(list, plain)])])
  const unpack = options.gzip ? 'gzip -dc | tar -xpof -' : 'tar -xpof -'
  const hash = plain.length === 0 ? '' : ` && xargs -0 $t < ./${list}`
  const command = `${plain.length === 0 ? 'true' : FIND_HASH_TOOL}
mkdir -p -- ${shellWord(`${dir}/${PARTIAL_FOLDER}`)} && cd ${shellWord(dir)} && ${unpack}${hash}`
  const feed = options.gzip ? Readable.from(stream).pipe(createGzip({ level: 1 })) : stream
  const outcome = await runForBytes(machine, command, feed, options.signal, answerLimitBytes(plain))
  if (outcome.exitCode !== 0) throw remoteFailure(machine, `write into ${dir}`, outcome)
  const hashes = parseHashes(outcome.stdout)
  for (const [path, found] of await hashRemote(machine, dir, odd, options.signal))
    hashes.set(path, found)
  await checkHashes(machine, frozen, files, hashes, options.signal)
}

function listMember(path: string, paths: readonly PathBytes[]): TarMember {
  const content = Buffer.concat(pathFeed(paths))
  return {
    path: pathFromText(path),
    kind: 'file',
    mode: 0o600,
    mtimeMs: 0,
    size: content.length,
    content: async () => await Promise.resolve(content),
  }
}

/**
 * Sends folders, links and small files as tar streams. Folders stay writable for now; their own
 * permissions and times come last, with `stampDirs`.
 */
export async function sendSmall(
  lanes: Lanes,
  frozen: FrozenManifest,
  dir: string,
  shape: readonly ShapeEntry[],
  files: readonly FrozenFile[],
  options: {
    readonly meter: ProgressMeter
    readonly hasGzip: boolean
    readonly signal?: AbortSignal
  },
): Promise<void> {
  const bytes = files.reduce((sum, file) => sum + file.size, 0)
  const slow = lanes.roundTripMs >= GZIP_FROM_ROUND_TRIP_MS
  const gzip = slow && options.hasGzip && bytes > 0 && (await gzipPays(frozen, files))
  const folders = shape.map((entry) =>
    shapeMember(entry, entry.kind === 'dir' ? entry.mode | 0o700 : entry.mode),
  )
  const extraction = { gzip, ...(options.signal === undefined ? {} : { signal: options.signal }) }
  const members = (some: readonly FrozenFile[]): TarMember[] =>
    some.map((file) => fileMember(frozen, file, options.meter))
  const parts = splitForLanes(files, ({ size }) => size, lanes.machines.length)
  if (parts.length === 1) {
    const all = { members: [...folders, ...members(files)], files, number: 0 }
    await extract(await lanes.lane(0), frozen, dir, all, extraction)
    return
  }
  await extract(
    await lanes.lane(0),
    frozen,
    dir,
    { members: folders, files: [], number: 0 },
    extraction,
  )
  await Promise.all(
    parts.map(async (part, number) => {
      await extract(
        await lanes.lane(number),
        frozen,
        dir,
        { members: members(part), files: part, number },
        extraction,
      )
    }),
  )
}

/**
 * The last command: gives folders their permissions and times, deepest first, removes the folder
 * of unfinished files, and answers the machine's clock (epoch seconds).
 */
export async function stampDirs(
  machine: Machine,
  dir: string,
  dirs: readonly ShapeEntry[],
  signal?: AbortSignal,
): Promise<number> {
  const members = dirs.map((entry) => shapeMember(entry, entry.mode)).toReversed()
  const unpack = members.length === 0 ? 'true' : 'tar -xpof -'
  const command = `cd ${shellWord(dir)} && rm -rf ./${PARTIAL_FOLDER} && ${unpack} && date +%s`
  const feed = members.length === 0 ? [] : tarStream(members)
  const outcome = await runForBytes(machine, command, feed, signal)
  if (outcome.exitCode !== 0) throw remoteFailure(machine, `finish ${dir}`, outcome)
  return Number(outcome.stdout.toString('latin1').trim())
}
