import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { formatCount } from '../../../main/domain/format.ts'
import { homeAt } from '../../../main/engine/home.ts'
import { HomePaths } from '../../../main/jobs/home-paths.ts'
import { userWithEngine } from '../../support/app/user-with-engine.ts'
import type { TestUser } from '../../support/cli.ts'
import {
  askEverything,
  crash,
  enterSecrets,
  jobSecrets,
  letJobsEnd,
  plant,
  submitOne,
  writeJobs,
  type Planted,
  type Printed,
  variableKey,
} from '../canaries/cycle.ts'
import { findIn, type Canary } from '../canaries/needles.ts'
import { searchOwnKey } from '../canaries/own-key.ts'
import { watchProcesses, type ProcessWatch } from '../canaries/process-watch.ts'
import { tapRpc, type RpcTap } from '../canaries/rpc-tap.ts'
import { searchFolder, type Searched } from '../canaries/search.ts'
import { keychainAvailable, startKeychain } from '../../support/private-keychain.ts'
import { sshdAvailable } from '../../support/sshd.ts'
import { broke, held, type FaultClass, type Injection } from '../fault-class.ts'

const entry = fileURLToPath(new URL('../../support/leaky-cloud-program.ts', import.meta.url))

/** The whole cycle with a marked secret in every place where one is entered, and a search for the marks. */
export const faultClass: FaultClass = {
  name: 'canary secrets through the whole cycle',
  promise:
    'A key or a secret is in the keychain or in memory, and else only in the processes of the job that asked for it and that start it.',
  injections: async function* ({ size, say }) {
    say('with keys in memory')
    const lookEveryMs = size === 'seed' ? 200 : 25
    yield* withUser({ keptIn: 'session', environment: {}, folder: null, lookEveryMs })
    if (size === 'seed') return
    if (sshdAvailable()) {
      say('with a host of the user’s own')
      const { canary, places } = await searchOwnKey()
      for (const place of places) yield judge(place.name, [canary], place)
    }
    if (!keychainAvailable()) return
    say('with keys in a real keychain')
    const folder = await mkdtemp(join(tmpdir(), 'sublet-keychain-'))
    const keychain = await startKeychain(folder)
    try {
      const { environment } = keychain
      yield* withUser({ keptIn: 'keychain', environment, folder, lookEveryMs })
    } finally {
      await keychain.stop()
      await rm(folder, { recursive: true, force: true })
    }
  },
}

interface Keys {
  readonly keptIn: 'session' | 'keychain'
  readonly environment: Readonly<Record<string, string>>
  /** The keychain's own files. */
  readonly folder: string | null
  /** How often every process is looked at. */
  readonly lookEveryMs: number
}

async function* withUser(keys: Keys): AsyncGenerator<Injection> {
  const user = await userWithEngine(entry, keys.environment)
  const tap = await tapRpc(user.home)
  const watch = watchProcesses(isOwn, keys.lookEveryMs)
  try {
    yield* cycle(user, tap, watch, keys)
  } finally {
    watch.stop()
    await tap.close()
    await user.stop()
  }
}

/** Secrets of a job are in its processes and in the supervisor's that start it; a variable is where the user's own shell put it. */
function isOwn(process: { readonly words: string; readonly environment: string }, found: string) {
  if (found === variableKey) return / accounts check /.test(process.words)
  return (
    jobSecrets.includes(found) &&
    /^SUBLET_(ATTEMPT_ID|ENV_NAMES)=/m.test(process.environment.replaceAll('\0', '\n'))
  )
}

async function* cycle(
  user: TestUser,
  tap: RpcTap,
  watch: ProcessWatch,
  { keptIn, folder }: Keys,
): AsyncGenerator<Injection> {
  const planted = plant()
  const typed: readonly Canary[] = Object.values(planted)
  const printed: Buffer[] = []
  const run: Printed = async (args, options) => {
    const { stdout, stderr } = await user.run(args, options)
    printed.push(Buffer.from(`${stdout}\n${stderr}\n`))
  }
  watch.add(...typed)
  const machines = new HomePaths(user.home).provider('sandbox')
  // What a job itself prints is in its log on the machine, and only there.
  const isOwnLog = (path: string, found: string): boolean =>
    path.startsWith(machines) && jobSecrets.includes(found) && path.includes('/attempts/')

  await enterSecrets(planted, run)
  yield await whereKept(user, keptIn)
  writeJobs(user.work)
  const quiet = await submitOne(user, 'quiet')
  const first = [...typed, quiet.key]
  yield judge('the disk of a machine at work', first, searchFolder(machines, first))
  const loud = await submitOne(user, 'loud')
  const all = [...first, loud.key]
  watch.add(quiet.key, loud.key)
  const isKeyFile = (path: string): boolean => path.endsWith('/id_ed25519')
  yield judge(
    'the home while jobs run, less the key files',
    all,
    searchFolder(user.home, all, (path, found) => isKeyFile(path) || isOwnLog(path, found)),
  )
  letJobsEnd(user.work)
  for (const { job } of [quiet, loud]) {
    await user.until((one) => one.id === job && one.settled, 'the receipts')
  }
  await askEverything(user, [quiet.job, loud.job], run)
  for (const name of ['quiet', 'loud']) yield proof(user, planted, name)
  yield judge('all answers and streams of the RPC', all, inBytes('the RPC', tap.said(), all))
  await crash(user, run)
  yield crashWritten(user)
  yield judge(
    'home, database, logs, crash output, exports and results afterwards',
    all,
    searchFolder(user.base, all, isOwnLog),
  )
  yield judge('what every command printed', all, inBytes('a command', Buffer.concat(printed), all))
  if (folder !== null) yield judge('the files of the keychain', all, searchFolder(folder, all))
  const { finds, looks, processes } = watch.stop()
  yield judge(`the arguments and environments of ${processes} processes`, all, {
    looked: looks,
    finds,
  })
}

/** One injection a canary. */
function judge(place: string, canaries: readonly Canary[], { looked, finds }: Searched): Injection {
  if (looked === 0) return broke(place, 'there was nothing to search')
  if (finds.length === 0)
    return held(
      `${formatCount(canaries.length, 'canary', 'canaries')} in ${place}`,
      canaries.length,
    )
  const words = finds.map(({ canary, where }) => `the ${canary} is in ${where}`)
  return broke(place, words.join('; '), { lost: finds.length })
}

function inBytes(where: string, bytes: Buffer, canaries: readonly Canary[]): Searched {
  const finds = findIn(bytes, canaries).map((canary) => ({ canary, where }))
  return { looked: bytes.length, finds }
}

/** The keys are where this cycle is about. */
async function whereKept(user: TestUser, keptIn: string): Promise<Injection> {
  const names = await user.json<{ readonly keptIn: string }[]>(['secrets', 'list'])
  const what = `the secrets are kept in: ${keptIn}`
  return names.length === 2 && names.every((one) => one.keptIn === keptIn)
    ? held(what)
    : broke(what, JSON.stringify(names))
}

/** The crash said something, so that there was something to mask. */
function crashWritten(user: TestUser): Injection {
  const log = readFileSync(homeAt(user.home).logFile, 'utf8')
  const what = 'the crash of the engine is in its log, with the key masked'
  return log.includes('code broke over [secret]') ? held(what) : broke(what, 'it is not there')
}

/** The job did get its secrets, exactly: else the searches would find nothing for a bad reason. */
function proof(user: TestUser, { token, awkward }: Planted, name: string): Injection {
  const expected = createHash('sha256').update(`${token.value}${awkward.value}`).digest('hex')
  const got = readFileSync(join(user.work, `out-${name}`, 'proof'), 'utf8').trim()
  const what = `the secrets of ${name} arrive to the byte`
  return got === expected ? held(what) : broke(what, `their hash is ${got}`, { lost: 1 })
}
