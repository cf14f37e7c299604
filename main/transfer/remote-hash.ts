import type { Machine } from '../machine/machine.ts'
import type { PathBytes } from './path-bytes.ts'
import {
  answerLimitBytes,
  pathFeed,
  remoteFailure,
  runForBytes,
  shellWord,
} from './remote-command.ts'
import { parseStats, type RemoteEntry } from './remote-stat.ts'

/** Sets `$t` to the quicker tool: openssl hashes up to five times as fast as sha256sum. */
export const FIND_HASH_TOOL = `export LC_ALL=C; t=sha256sum
openssl dgst -sha256 -r /dev/null >/dev/null 2>&1 && t='openssl dgst -sha256 -r'`

const SHA256_HEX = /^[0-9a-f]{64}$/

/** GNU sha256sum escapes these in its answer and busybox does not: such files go one by one. */
export function needsOwnCall(path: PathBytes): boolean {
  return /[\n\r\\]/.test(path)
}

/**
 * SHA-256 of remote files, relative to `dir`, in one or two commands. Files that are missing or
 * cannot be read have no entry in the answer.
 */
export async function hashRemote(
  machine: Machine,
  dir: string,
  paths: readonly PathBytes[],
  signal?: AbortSignal,
): Promise<Map<PathBytes, string>> {
  const hashes = new Map<PathBytes, string>()
  const plain = paths.filter((path) => !needsOwnCall(path))
  const odd = paths.filter(needsOwnCall)
  await Promise.all([
    plain.length > 0 ? hashPlain(machine, dir, plain, hashes, signal) : undefined,
    odd.length > 0 ? hashOneByOne(machine, dir, odd, hashes, signal) : undefined,
  ])
  return hashes
}

/** Reads the lines of either tool for plain names that began with `./`. */
export function parseHashes(stdout: Buffer): Map<PathBytes, string> {
  const hashes = new Map<PathBytes, string>()
  for (const line of stdout.toString('latin1').split('\n')) {
    const hash = line.slice(0, 64)
    if (SHA256_HEX.test(hash)) hashes.set(line.slice(68) as PathBytes, hash)
  }
  return hashes
}

async function hashPlain(
  machine: Machine,
  dir: string,
  paths: readonly PathBytes[],
  hashes: Map<PathBytes, string>,
  signal?: AbortSignal,
): Promise<void> {
  const command = `${FIND_HASH_TOOL}\ncd ${shellWord(dir)} && xargs -0 $t`
  const answer = await runOnPaths(machine, command, paths, signal)
  for (const [path, hash] of parseHashes(answer.stdout)) hashes.set(path, hash)
  if (
    hashes.size === 0 &&
    answer.exitCode !== 0 &&
    !/No such file|ermission denied/.test(answer.stderr)
  ) {
    throw remoteFailure(machine, 'check the files', answer)
  }
}

async function hashOneByOne(
  machine: Machine,
  dir: string,
  paths: readonly PathBytes[],
  hashes: Map<PathBytes, string>,
  signal?: AbortSignal,
): Promise<void> {
  const script = 'for p do h=$(sha256sum < "$p") && echo "$h" || echo missing; done'
  const command = `cd ${shellWord(dir)} && LC_ALL=C xargs -0 sh -c ${shellWord(script)} sh`
  const answer = await runOnPaths(machine, command, paths, signal)
  const lines = answer.stdout.toString('latin1').split('\n')
  for (const [index, path] of paths.entries()) {
    const hash = (lines[index] ?? '').slice(0, 64)
    if (SHA256_HEX.test(hash)) hashes.set(path, hash)
  }
}

/** Looks again at remote files by name; those that are gone have no entry. */
export async function statRemote(
  machine: Machine,
  dir: string,
  paths: readonly PathBytes[],
  signal?: AbortSignal,
): Promise<Map<PathBytes, RemoteEntry>> {
  if (paths.length === 0) return new Map()
  const command = `cd ${shellWord(dir)} && LC_ALL=C xargs -0 stat -c '%f %s %Y %Z %n//' --`
  const answer = await runOnPaths(machine, command, paths, signal)
  return new Map(parseStats(answer.stdout).map((entry) => [entry.path, entry]))
}

/** Runs a command that is given the paths on its standard input and says a line for each. */
async function runOnPaths(
  machine: Machine,
  command: string,
  paths: readonly PathBytes[],
  signal?: AbortSignal,
): ReturnType<typeof runForBytes> {
  return await runForBytes(machine, command, pathFeed(paths), signal, answerLimitBytes(paths))
}
