import { setImmediate as nextTurn } from 'node:timers/promises'
import { SubletError } from '../domain/errors.ts'
import { inertSentence } from '../domain/visible-controls.ts'
import type { Machine } from '../machine/machine.ts'
import type { TransferWarning } from './manifest.ts'
import { pathFromBuffer, ROOT, showPath, type PathBytes } from './path-bytes.ts'
import { runCommand, saidTooMuch, shellWord, type CommandOutcome } from './remote-command.ts'
import { isCount, statRecords, stripDot, type RemoteEntry } from './remote-stat.ts'

/** Where unfinished files wait, at the top of every folder we write, here and there. */
export const PARTIAL_FOLDER = '.sublet-partial' as PathBytes

export interface RemoteListing {
  /** False when the folder does not exist yet. */
  readonly exists: boolean
  /** Without the root itself. */
  readonly entries: ReadonlyMap<PathBytes, RemoteEntry>
  /** The machine's own clock when the listing began, epoch seconds. */
  readonly nowS: number
  readonly freeBytes: number
  /** An earlier transfer into this folder did not finish. */
  readonly unfinished: boolean
  readonly hasGzip: boolean
  /** Measured while listing, in milliseconds: one byte there and one line back. */
  readonly roundTripMs: number
  readonly warnings: readonly TransferWarning[]
}

export interface ListOptions {
  /** Folder names (plain ASCII) that are not entered, wherever they are. */
  readonly prune?: readonly string[]
  /** One relative path that is not entered. */
  readonly prunePath?: string
  readonly signal?: AbortSignal
}

/** Room for a million and a half files; what a machine says beyond is refused. */
const mostListingBytes = 192 * 2 ** 20
const mostEntries = 1_500_000
/** What start-up files may print before the listing begins. */
const mostChatterBytes = 256 * 1024

const PING = 'sublet-ping'
const PONG = 'sublet-pong'

/** The command: ping and pong, a first line of facts, stat records, NUL, links with targets, and `end`. */
export function listCommand(dir: string, options: ListOptions): string {
  const tests = [`-path ./${PARTIAL_FOLDER}`]
  for (const name of options.prune ?? []) tests.push(`-name ${shellWord(name)}`)
  if (options.prunePath !== undefined)
    tests.push(`-path ${shellWord(`./${escapeGlob(options.prunePath)}`)}`)
  const pruned = `\\( ${tests.join(' -o ')} \\) -prune`
  return `export LC_ALL=C; echo ${PING}; read -r _; echo ${PONG}; now=$(date +%s); z=0; command -v gzip >/dev/null 2>&1 && z=1
if ! cd ${shellWord(dir)} 2>/dev/null; then
  [ -e ${shellWord(dir)} ] && exit 9
  d=${shellWord(dir)}; while [ ! -d "$d" ]; do p=$d; d=$(dirname -- "$d"); [ "$p" = "$d" ] && break; done
  echo "absent $now $(df -Pk "$d" 2>/dev/null | awk 'END{print $4}') 0 $z ok"; printf '\\0end'; exit 0
fi
u=0; [ -d ./${PARTIAL_FOLDER} ] && u=1
echo "listing $now $(df -Pk . 2>/dev/null | awk 'END{print $4}') $u $z ok"
find . ${pruned} -o -exec stat -c '%f %s %Y %Z %n//' {} +
printf '\\0'
find . ${pruned} -o -type l -exec sh -c 'for p do printf "%s//" "$p"; readlink "$p"; printf "\\0"; done' sh {} +
printf end`
}

function escapeGlob(path: string): string {
  return path.replaceAll(/[*?[\]\\]/g, '\\$&')
}

/** A long listing must not keep the engine from answering: others get a turn in between. */
async function readEntries(
  machine: Machine,
  bytes: Buffer,
  warnings: TransferWarning[],
): Promise<Map<PathBytes, RemoteEntry>> {
  const entries = new Map<PathBytes, RemoteEntry>()
  let count = 0
  for (const { path, entry } of statRecords(bytes)) {
    count += 1
    if (count % 2_000 === 0) await nextTurn()
    if (count > mostEntries) {
      throw new SubletError(
        'invalid',
        `A folder on ${machine.label} has more than ${mostEntries.toLocaleString('en-US')} files, which is too many to handle; pack them into archives.`,
      )
    }
    if (path === ROOT) continue
    if (entry !== null) entries.set(path, entry)
    else
      warnings.push({
        path,
        sentence: `What ${machine.label} says of ${showPath(path)} makes no sense, so it was left there.`,
      })
  }
  return entries
}

function parseLinks(bytes: Buffer, entries: Map<PathBytes, RemoteEntry>): void {
  for (let start = 0; ;) {
    const end = bytes.indexOf(0, start)
    if (end < 0) return
    const record = bytes.subarray(start, end)
    const cut = record.indexOf('//')
    const path = stripDot(record.subarray(0, cut))
    const known = entries.get(path)
    // readlink ends its answer with one newline of its own.
    const target = pathFromBuffer(record.subarray(cut + 2, record.length - 1))
    if (known !== undefined) entries.set(path, { ...known, target })
    start = end + 1
  }
}

/**
 * Runs the command, answers its ping at once, and takes the time to its pong: both ends are then
 * running already, so that no start of a process counts as distance.
 */
async function askForListing(
  machine: Machine,
  command: string,
  signal?: AbortSignal,
): Promise<CommandOutcome & { readonly stdout: Buffer; readonly roundTripMs: number }> {
  const pinged = Promise.withResolvers<void>()
  const feed = async function* (): AsyncGenerator<Uint8Array> {
    await pinged.promise
    yield Buffer.from('\n')
  }
  const chunks: Buffer[] = []
  let length = 0
  let sentAtMs = 0
  let roundTripMs: number | undefined
  let heard = ''
  const outcome = await runCommand(
    machine,
    command,
    feed(),
    async (stdout) => {
      for await (const chunk of stdout as AsyncIterable<Buffer>) {
        length += chunk.length
        if (length > mostListingBytes) throw saidTooMuch(machine, 'of file names', mostListingBytes)
        chunks.push(chunk)
        if (roundTripMs !== undefined) continue
        if (length > mostChatterBytes) throw saidTooMuch(machine, 'of greetings', mostChatterBytes)
        heard += chunk.toString('latin1')
        if (sentAtMs === 0 && heard.includes(PING)) {
          sentAtMs = performance.now()
          pinged.resolve()
        }
        if (heard.includes(PONG)) roundTripMs = performance.now() - sentAtMs
      }
      pinged.resolve()
    },
    signal,
  ).finally(() => pinged.resolve())
  const all = Buffer.concat(chunks)
  // A chatty start-up file may print before the first mark.
  const pong = all.indexOf(`${PONG}\n`)
  const stdout = all.subarray(pong < 0 ? all.length : pong + PONG.length + 1)
  return { ...outcome, stdout, roundTripMs: roundTripMs ?? 0 }
}

/** Lists a remote folder with one command; works with GNU and busybox tools and any name. */
export async function listRemote(
  machine: Machine,
  dir: string,
  options: ListOptions = {},
): Promise<RemoteListing> {
  const answer = await askForListing(machine, listCommand(dir, options), options.signal)
  const { stdout } = answer
  if (answer.exitCode === 9) {
    throw new SubletError(
      'permission',
      `${dir} on ${machine.label} is not a folder that can be opened; choose another folder.`,
      { nativeCode: answer.stderr.slice(0, 400) },
    )
  }
  const lineEnd = stdout.indexOf(0x0a)
  const middle = stdout.indexOf(0, lineEnd)
  const facts = stdout.subarray(0, lineEnd).toString('latin1').split(' ')
  const isWhole = middle >= 0 && stdout.subarray(-3).toString() === 'end' && facts.at(-1) === 'ok'
  if (!isWhole || !isCount(facts[1] ?? '')) {
    throw new SubletError('unavailable', `${machine.label} could not list ${dir}; try again.`, {
      nativeCode: answer.stderr.slice(0, 400),
    })
  }
  const warnings: TransferWarning[] = []
  const entries = await readEntries(machine, stdout.subarray(lineEnd + 1, middle), warnings)
  parseLinks(stdout.subarray(middle + 1, -3), entries)
  const freeKiB = Number(facts[2])
  return {
    exists: facts[0] === 'listing',
    entries,
    nowS: Number(facts[1]),
    freeBytes: facts[2] === '' || Number.isNaN(freeKiB) ? Number.POSITIVE_INFINITY : freeKiB * 1024,
    unfinished: facts[3] === '1',
    hasGzip: facts[4] === '1',
    roundTripMs: answer.roundTripMs,
    warnings: [
      ...warnings,
      ...answer.stderr
        .split('\n')
        .filter((line) => line.includes('ermission denied'))
        .slice(0, 100)
        .map((line) => ({
          path: ROOT,
          sentence: `${machine.label} could not list everything: ${inertSentence(line)}.`,
        })),
    ],
  }
}
