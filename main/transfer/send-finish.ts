import { SubletError } from '../domain/errors.ts'
import type { Machine } from '../machine/machine.ts'
import { hashFile } from './files.ts'
import { inputChanged, sourcePath } from './freeze.ts'
import type { FrozenFile, FrozenManifest } from './frozen.ts'
import { pathFromText, pathToBuffer, showPath } from './path-bytes.ts'
import { remoteFailure, runForBytes, shellWord } from './remote-command.ts'
import { hashRemote } from './remote-hash.ts'
import { PARTIAL_FOLDER } from './remote-list.ts'
import type { BigFile } from './send-big.ts'

const NUL = Buffer.from([0])

/** Says whether the source changed under us or the copy was damaged. */
async function whyDifferent(
  machine: Machine,
  frozen: FrozenManifest,
  file: FrozenFile,
  signal?: AbortSignal,
): Promise<SubletError> {
  const local = await hashFile(sourcePath(frozen, file), signal)
  if (local !== file.sha256) return inputChanged(frozen.root, file.path)
  return new SubletError(
    'unavailable',
    `${showPath(file.path)} arrived damaged on ${machine.label}; try again, and choose another machine if it happens again.`,
  )
}

/** Checks large files by hash on the machine, then gives them their names. */
export async function nameChecked(
  machine: Machine,
  frozen: FrozenManifest,
  dir: string,
  bigs: readonly BigFile[],
  signal?: AbortSignal,
): Promise<void> {
  if (bigs.length === 0) return
  const partials = `${dir}/${PARTIAL_FOLDER}`
  const hashes = await hashRemote(
    machine,
    partials,
    bigs.map((big) => pathFromText(big.partial)),
    signal,
  )
  for (const { file, partial } of bigs) {
    if (hashes.get(pathFromText(partial)) === file.sha256) continue
    await machine.exec(
      `rm -f ${shellWord(`${partials}/${partial}`)} ${shellWord(`${partials}/${partial}.at`)}`,
    )
    throw await whyDifferent(machine, frozen, file, signal)
  }
  const pairs = bigs.flatMap(({ file, partial }) => [
    Buffer.from(`./${PARTIAL_FOLDER}/${partial}\0./`),
    pathToBuffer(file.path),
    NUL,
  ])
  const command = `cd ${shellWord(dir)} && xargs -0 -n 2 mv -f --`
  const outcome = await runForBytes(machine, command, [Buffer.concat(pairs)], signal)
  if (outcome.exitCode !== 0) throw remoteFailure(machine, `write into ${dir}`, outcome)
}

/** Checks by hash what travelled in the tar stream. */
export async function verifySmall(
  machine: Machine,
  frozen: FrozenManifest,
  dir: string,
  files: readonly FrozenFile[],
  signal?: AbortSignal,
): Promise<void> {
  if (files.length === 0) return
  const hashes = await hashRemote(
    machine,
    dir,
    files.map((file) => file.path),
    signal,
  )
  for (const file of files) {
    if (hashes.get(file.path) !== file.sha256)
      throw await whyDifferent(machine, frozen, file, signal)
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
