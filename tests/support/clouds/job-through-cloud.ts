import { randomBytes } from 'node:crypto'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { JobDetail } from '../../../preload/contract/job.ts'
import type { JobFile } from '../../../preload/contract/job-file.ts'
import type { Billable } from '../../../preload/contract/rental.ts'
import type { LedgerEntry } from '../../../preload/contract/ledger.ts'
import type { Clock } from '../../../main/domain/clock.ts'
import { systemClock } from '../../../main/engine/system-clock.ts'
import type { Credentials, Provider } from '../../../main/providers/provider.ts'
import type { Described } from '../../conformance/subject.ts'
import { collect } from '../collect.ts'
import { eventually } from '../eventually.ts'
import { installFakeNvidiaSmi, type FakeGpu } from '../fake-nvidia-smi.ts'
import { servicesRig } from '../services-rig.ts'
import { startSshd, type TestSshd } from '../sshd.ts'
import { startFakeCloud, type FakeCloudOptions, type FakeWorld } from './fake-cloud.ts'
import { toldBy } from './told.ts'

/** One provider with a fake of its API, for a whole job. */
export interface JobCloud {
  readonly id: string
  readonly credentials: Credentials
  /** The fake, whose machines answer at 127.0.0.1 and the port; and the provider that asks it. */
  readonly open: (
    clock: Clock,
    sshPort: number,
  ) => {
    readonly world: FakeWorld
    readonly provider: (url: string) => Provider
    /** What costs nothing and must not stay either: keys, security groups. */
    readonly left?: () => readonly unknown[]
  }
  /** What the job wants: best one machine type. */
  readonly wants: JobFile
  /** What its machine shows. */
  readonly gpu: FakeGpu
  readonly spec?: FakeCloudOptions['spec']
  /** Variables that such a cloud's machine has by itself. */
  readonly environment?: Readonly<Record<string, string>>
  /** What such a cloud's machine has by itself, put into the home of the one that stands for it. */
  readonly furnish?: (home: string) => Promise<void>
}

/** What became of the job, from every side. */
export interface JobThroughCloud {
  readonly detail: JobDetail
  readonly capabilities: Provider['capabilities']
  readonly input: Buffer
  /** What came home, by path; and what of it while the job ran. */
  readonly outputs: ReadonlyMap<string, Buffer>
  readonly whileRunning: readonly string[]
  readonly entries: readonly LedgerEntry[]
  readonly totalMicros: number
  /** What the cloud still has, by its list and by its own books. */
  readonly listed: readonly Billable[]
  readonly live: number
  readonly left: readonly unknown[]
  /** Private folders of rentals that are left at home. */
  readonly keysLeft: readonly string[]
  /** The host key that the machine had at its end. */
  readonly hostKey: string
  readonly described: Described | null
}

/** Engine time goes this much faster, so that boots and minutes of billing are no waiting. */
const speed = 30
const noone = { signal: new AbortController().signal, client: { role: 'test', version: '0' } }

/** Writes at once, waits until that is home, and hands back what it was given. */
const script = `echo first > "$SUBLET_OUTPUT/first.txt"
while [ ! -e "$HOME/go-on" ]; do sleep 0.1; done
mkdir "$SUBLET_OUTPUT/deep"
cp data.bin "$SUBLET_OUTPUT/deep/copy.bin"
`

/**
 * Runs a small job on a provider whose API is a fake and whose machine is a real OpenSSH server,
 * with the engine's own services in this process.
 */
export async function jobThroughCloud(cloud: JobCloud): Promise<JobThroughCloud> {
  const clock = systemClock(`${speed}@${Date.now()}`)
  const sshd = await startSshd({ environment: cloud.environment ?? {} })
  await installFakeNvidiaSmi(sshd.home, [cloud.gpu])
  await cloud.furnish?.(sshd.home)
  const { world, provider: make, left = () => [] } = cloud.open(clock, sshd.port)
  const fake = await startFakeCloud(world, {
    arrived: async (request) => {
      const { loginKeys, hostKey } = toldBy(request)
      for (const key of loginKeys) await sshd.authorize(key)
      if (hostKey !== null) await sshd.changeHostKeys(hostKey)
    },
    ...(cloud.spec === undefined ? {} : { spec: cloud.spec }),
  })
  const provider = withUserOf(sshd, make(fake.url))
  const rig = await servicesRig([provider], true, clock)
  const { accounts, jobs, ledger } = rig.handlers
  try {
    await rig.services.start()
    const added = { providerId: cloud.id, name: 'mine', values: cloud.credentials }
    const { accountId } = await accounts.add(added, noone)
    const input = randomBytes(200_000)
    const work = join(rig.folder, 'work')
    await mkdir(work)
    await writeFile(join(work, 'job.sh'), script)
    await writeFile(join(work, 'data.bin'), input)
    const output = join(rig.folder, 'home-again')
    const { spec, ceiling } = await jobs.propose(
      {
        file: {
          script: 'job.sh',
          output,
          provider: cloud.id,
          mirror: { every: '1s' },
          ...cloud.wants,
        },
        baseDir: work,
        environment: {},
      },
      noone,
    )
    const submission = { spec, ceiling, acceptsNoLease: true, environment: {} }
    const { jobId } = await jobs.submit(structuredClone(submission) as never, noone)
    const show = async (): Promise<JobDetail> => (await jobs.show({ jobId }, noone)) as JobDetail
    await eventually(
      async () => {
        const { summary } = await show()
        if (summary.endedAt !== null) return 'it ended before'
        return (await filesBelow(output)).has('first.txt')
      },
      { timeoutMs: 60_000, everyMs: 100, what: 'the first result to come home' },
    )
    const whileRunning = [...(await filesBelow(output)).keys()]
    await writeFile(join(sshd.home, 'go-on'), '')
    await eventually(async () => (await show()).summary.settled, {
      timeoutMs: 60_000,
      everyMs: 100,
      what: 'the receipt',
    })
    const rentals = join(rig.folder, 'rentals')
    await eventually(async () => (await readdir(rentals)).length === 0, { what: 'keys to go' })
    const account = { id: accountId, providerId: cloud.id, name: 'mine' }
    const session = provider.connect(
      { ...account, credentials: cloud.credentials, settings: {} },
      { clock, homeId: 'home', stateDir: rig.folder, environment: {}, log: () => undefined },
    )
    const { entries, totalMicros } = await ledger.list({}, noone)
    return {
      detail: await show(),
      capabilities: provider.capabilities,
      input,
      outputs: await filesBelow(output),
      whileRunning,
      entries: entries as readonly LedgerEntry[],
      totalMicros,
      listed: await collect(session.list(noone.signal)),
      live: world.live(),
      left: left(),
      keysLeft: await readdir(rentals),
      hostKey: (await sshd.hostKeys())[0] ?? '',
      described: fake.described(),
    }
  } finally {
    await rig.services.stop()
    rig.close()
    await fake.close()
    await sshd.stop()
  }
}

/** This computer has no user `ubuntu`: its sshd is logged in to as the one that runs it. */
function withUserOf({ user }: TestSshd, provider: Provider): Provider {
  const connect: Provider['connect'] = (...how) => {
    const session = provider.connect(...how)
    const describe = session.describe.bind(session)
    session.describe = async (...asked) => {
      const instance = await describe(...asked)
      return instance.ssh === null ? instance : { ...instance, ssh: { ...instance.ssh, user } }
    }
    return session
  }
  return { ...provider, connect }
}

async function filesBelow(folder: string): Promise<Map<string, Buffer>> {
  const names = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])
  const files = names.filter((one) => one.isFile() && !one.parentPath.includes('/.'))
  const found = new Map<string, Buffer>()
  for (const { parentPath, name } of files) {
    const path = join(parentPath, name)
    found.set(path.slice(folder.length + 1), await readFile(path))
  }
  return found
}
