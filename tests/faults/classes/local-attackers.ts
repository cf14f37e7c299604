import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
} from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { SubletError } from '../../../main/domain/errors.ts'
import { homeAt, prepareHome } from '../../../main/engine/home.ts'
import { DropFolders } from '../../../main/jobs/drops/drop-folder.ts'
import { HomePaths } from '../../../main/jobs/home-paths.ts'
import { socketAddress } from '../../../main/rpc/local-socket.ts'
import { processesTouching } from '../../support/processes-touching.ts'
import { testUser, type TestUser } from '../../support/cli.ts'
import { writeGatedScript } from '../../support/gated-script.ts'
import { broke, held, type FaultClass, type Injection } from '../fault-class.ts'
import { everythingIn } from '../hostile/judge.ts'
import { browserHost } from '../local/browser-host.ts'

/** `nobody`, who owns nothing. */
const stranger = 65_534

export const faultClass: FaultClass = {
  name: 'other users of this computer',
  promise:
    'Another user of this computer reads no file, socket, environment or argument of Sublet, a home that belongs to somebody else is refused, and no foreign page, name or program gets through the browser host.',
  async *injections({ size, say }) {
    if (process.getuid?.() !== 0) {
      say('Skipped: only root can act as another user here.')
      yield held('skipped, not root')
      return
    }
    yield* plantedHomes()
    if (size === 'full') yield* runningEngine()
  },
}

/** What the engine made, below a folder that everybody may enter, with the widest umask. */
async function* runningEngine(): AsyncGenerator<Injection> {
  const before = process.umask(0)
  const user = await testUser()
  try {
    chmodSync(user.base, 0o755)
    await user.run(['offers', '--provider', 'sandbox'])
    await user.run(['secrets', 'set', 'CANARY'], { input: 'a secret of the test\n' })
    const { key, drop } = await thingsOf(user)
    const wide = everythingIn(user.home).filter((path) => {
      // Node itself makes the cache of its compiled code, before a line of ours has run.
      if (path.startsWith('cache/node')) return false
      // The simulated machines' own disks, which are far away in earnest.
      if (path.startsWith('providers/sandbox/sandbox/machines/')) return false
      const found = lstatSync(join(user.home, path))
      return !found.isSymbolicLink() && (found.mode & 0o077) !== 0
    })
    const mode = lstatSync(user.home).mode & 0o777
    yield mode === 0o700 ? held('mode of the home') : broke('mode of the home', mode.toString(8))
    yield wide.length === 0
      ? held('modes of what is in it', everythingIn(user.home).length)
      : broke('modes of what is in it', `others may use ${wide.slice(0, 5).join(', ')}`)
    const { tokenFile } = homeAt(user.home)
    const pid = user.enginePid() ?? 0
    for (const [what, command] of [
      ['the home', `ls ${user.home}`],
      ['the token', `cat ${tokenFile}`],
      ['the database', `cat ${homeAt(user.home).databaseFile}`],
      ['the log', `cat ${homeAt(user.home).logFile}`],
      ['the key of a rented machine', `cat ${key}`],
      ['a file that was dropped on a page', `cat ${drop}`],
      ['the socket', `perl -MSocket -e '${connecting}' ${socketAddress(user.home)}`],
      ["the engine's environment", `cat /proc/${pid}/environ`],
      ["the engine's memory", `cat /proc/${pid}/maps`],
      ["the engine's open files", `ls /proc/${pid}/fd/`],
    ] as const) {
      yield asStranger(command) ? broke(what, 'another user can read it') : held(what)
    }
    const token = readFileSync(tokenFile, 'utf8').trim()
    const telling = processesTouching(user.base).filter(({ words }) => words.includes(token))
    yield telling.length === 0
      ? held('the token in no argument')
      : broke('the token in no argument', telling.map(({ words }) => words).join('; '))
    yield* behindTheHome(user, { key, drop })
    yield* browserHost(user)
  } finally {
    process.umask(before)
    await user.stop()
  }
}

const connecting = 'socket(S, AF_UNIX, SOCK_STREAM, 0) and connect(S, sockaddr_un(shift)) or exit 1'

interface Things {
  readonly key: string
  readonly drop: string
}

/** A machine that is rented, with its key, and a file that was dropped on a page. */
async function thingsOf(user: TestUser): Promise<Things> {
  await writeGatedScript(user.work)
  await user.submit(['job/job.sh', '--provider', 'sandbox', '--gpus', '0'])
  await user.untilState('running')
  const paths = new HomePaths(user.home)
  const [rental = ''] = readdirSync(paths.rentals)
  const key = join(paths.rentals, rental, 'id_ed25519')
  const drops = new DropFolders(paths.drops, Date.now)
  const id = await drops.begin()
  await drops.write(id, 'folder/dropped.txt', 0, Buffer.from('dropped'))
  const [top = ''] = await drops.finish(id, true)
  return { key, drop: join(top, 'dropped.txt') }
}

/** Each thing guards itself as well, where somebody has opened the folders that lead to it. */
async function* behindTheHome(user: TestUser, { key, drop }: Things): AsyncGenerator<Injection> {
  const socket = socketAddress(user.home)
  for (const [what, path, command] of [
    ['the key, with its folders open', key, `cat ${key}`],
    ['the drop, with its folders open', drop, `cat ${drop}`],
    ['the socket, with its folder open', socket, `perl -MSocket -e '${connecting}' ${socket}`],
  ] as const) {
    const opened: (readonly [string, number])[] = []
    for (let at = dirname(path); at.startsWith(user.home); at = dirname(at)) {
      opened.push([at, lstatSync(at).mode & 0o777])
      chmodSync(at, 0o755)
    }
    const isOpen = asStranger(`ls ${dirname(path)}`)
    const found = asStranger(command)
    for (const [folder, mode] of opened) chmodSync(folder, mode)
    if (!isOpen) yield broke(what, 'the test could not open the folders')
    else yield found ? broke(what, 'another user can use it') : held(what)
  }
}

/** Whether the command works for somebody else. */
function asStranger(command: string): boolean {
  const ids = [`--reuid=${stranger}`, `--regid=${stranger}`, '--clear-groups']
  return spawnSync('setpriv', [...ids, 'sh', '-c', command]).status === 0
}

/** Homes that somebody else has laid out beforehand. */
async function* plantedHomes(): AsyncGenerator<Injection> {
  const base = await mkdtemp(join(tmpdir(), 'sublet-planted-'))
  try {
    const theirs = join(base, 'theirs')
    mkdirSync(theirs, { mode: 0o777 })
    chownSync(theirs, stranger, stranger)
    const link = join(base, 'link')
    symlinkSync(theirs, link)
    for (const [what, path] of [
      ['a home of somebody else', theirs],
      ['a link to a folder of somebody else', link],
    ] as const) {
      yield refusedHome(what, path)
    }
    const wide = join(base, 'wide')
    mkdirSync(wide)
    chmodSync(wide, 0o777)
    prepareHome(homeAt(wide))
    const mode = lstatSync(wide).mode & 0o777
    yield mode === 0o700
      ? held('a home open to all')
      : broke('a home open to all', mode.toString(8))
  } finally {
    await rm(base, { recursive: true, force: true })
  }
}

function refusedHome(what: string, path: string): Injection {
  try {
    prepareHome(homeAt(path))
    return broke(what, 'it was taken for good')
  } catch (thrown) {
    if (thrown instanceof SubletError && thrown.code === 'permission') return held(what)
    return broke(what, String(thrown))
  }
}
