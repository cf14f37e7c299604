import { SubletError } from '../domain/errors.ts'
import type { Machine } from '../machine/machine.ts'
import { hashFile } from './files.ts'
import type { FrozenFile, FrozenManifest } from './frozen.ts'
import { pathToBuffer, showPath, type PathBytes } from './path-bytes.ts'
import { remoteFailure, runForBytes, shellWord } from './remote-command.ts'
import { FIND_HASH_TOOL } from './remote-hash.ts'
import { PARTIAL_FOLDER } from './remote-list.ts'
import type { SentBig } from './send-big.ts'
import { fromSource, inputChanged } from './sources.ts'

const NUL = Buffer.from([0])

/** Says whether the source changed under us or the copy was damaged. */
async function whyDifferent(
  machine: Machine,
  frozen: FrozenManifest,
  file: FrozenFile,
  signal?: AbortSignal,
): Promise<SubletError> {
  const local = await fromSource(frozen, file, (path) => hashFile(path, signal))
  if (local !== file.sha256) return inputChanged(frozen.root, file.path)
  return new SubletError(
    'unavailable',
    `${showPath(file.path)} arrived damaged on ${machine.label}; try again, and choose another machine if it happens again.`,
  )
}

// Wanted hash, hash so far as known, unfinished file and name come in fours; a file gets its name
// only with the right hash.
const NAME_IF_RIGHT = `${FIND_HASH_TOOL}
while [ $# -ge 4 ]; do h=$2; [ "$h" = unknown ] && h=$($t < "$3"); h=\${h%% *}
if [ "$h" != "$1" ]; then rm -f "$3" "$3.at"; echo damaged
elif mv -f -- "$3" "$4"; then rm -f "$3.at"; echo named; else echo failed; fi; shift 4; done`

/** Checks large files by hash on the machine, and gives those that are right their names. */
export async function nameChecked(
  machine: Machine,
  frozen: FrozenManifest,
  dir: string,
  bigs: readonly SentBig[],
  signal?: AbortSignal,
): Promise<void> {
  if (bigs.length === 0) return
  const feed = bigs.flatMap(({ file, partial, hash }) => [
    Buffer.from(`${file.sha256}\0${hash ?? 'unknown'}\0./${PARTIAL_FOLDER}/${partial}\0./`),
    pathToBuffer(file.path),
    NUL,
  ])
  const command = `cd ${shellWord(dir)} && LC_ALL=C xargs -0 -n 400 sh -c ${shellWord(NAME_IF_RIGHT)} sh`
  const outcome = await runForBytes(machine, command, [Buffer.concat(feed)], signal)
  const answers = outcome.stdout.toString('latin1').split('\n')
  for (const [index, { file }] of bigs.entries()) {
    if (answers[index] === 'named') continue
    if (answers[index] === 'damaged') throw await whyDifferent(machine, frozen, file, signal)
    throw remoteFailure(machine, `write into ${dir}`, outcome)
  }
}

/** Compares what travelled in a tar stream with the machine's hashes of it. */
export async function checkHashes(
  machine: Machine,
  frozen: FrozenManifest,
  files: readonly FrozenFile[],
  hashes: ReadonlyMap<PathBytes, string>,
  signal?: AbortSignal,
): Promise<void> {
  for (const file of files) {
    if (hashes.get(file.path) !== file.sha256) {
      throw await whyDifferent(machine, frozen, file, signal)
    }
  }
}

/** Gives files with the right content their time and permissions. */
export async function stampFiles(
  machine: Machine,
  dir: string,
  files: readonly FrozenFile[],
  signal?: AbortSignal,
): Promise<void> {
  if (files.length === 0) return
  const feed = files.flatMap((file) => {
    const seconds = Math.max(0, Math.floor(file.mtimeMs / 1000))
    const stamp = `@${seconds}\0${file.mode.toString(8)}\0./`
    return [Buffer.from(stamp), pathToBuffer(file.path), NUL]
  })
  const script =
    'while [ $# -ge 3 ]; do chmod "$2" "$3" && touch -d "$1" "$3" || exit 1; shift 3; done'
  const command = `cd ${shellWord(dir)} && LC_ALL=C xargs -0 -n 300 sh -c ${shellWord(script)} sh`
  const outcome = await runForBytes(machine, command, [Buffer.concat(feed)], signal)
  if (outcome.exitCode !== 0) throw remoteFailure(machine, `set times in ${dir}`, outcome)
}
