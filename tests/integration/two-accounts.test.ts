import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { JobDetail } from '../../preload/contract/job.ts'
import { systemClock } from '../../main/engine/system-clock.ts'
import { lambdaProvider } from '../../main/providers/lambda/provider.ts'
import { startFakeCloud, type FakeCloud } from '../support/clouds/fake-cloud.ts'
import type { FakeAnswer, FakeRequest } from '../support/clouds/fake-server.ts'
import { LambdaWorld } from '../support/clouds/lambda-world.ts'
import { eventually } from '../support/eventually.ts'
import { servicesRig, type ServicesRig } from '../support/services-rig.ts'

const keys = { closed: 'secret_closed_0123456789abcdef', open: 'secret_open_0123456789abcdef' }
const noone = { signal: new AbortController().signal, client: { role: 'test', version: '0' } }

/** Two workspaces: the first may look at everything and rent nothing. */
class TwoWorkspaces extends LambdaWorld {
  override answer(request: FakeRequest): FakeAnswer {
    const isClosed = request.headers['authorization'] === `Bearer ${keys.closed}`
    if (isClosed && request.path.endsWith('/launch')) return this.refusal('permission')
    return super.answer(request)
  }
}

let rig: ServicesRig
let fake: FakeCloud<LambdaWorld>

beforeEach(async () => {
  const clock = systemClock(`30@${Date.now()}`)
  fake = await startFakeCloud(new TwoWorkspaces(clock), {})
  const place = { baseUrl: `${fake.url}/api/v1`, sshPort: 1, requestTimeoutMs: 10_000 }
  rig = await servicesRig([lambdaProvider(place)], true, clock)
  await rig.services.start()
})
afterEach(async () => {
  await rig.services.stop()
  rig.close()
  await fake.close()
})

const add = (name: string, apiKey: string) =>
  rig.handlers.accounts.add({ providerId: 'lambda', name, values: { apiKey } }, noone)

it('rents with the other account of a provider when one may not, and says so', async () => {
  const closed = await add('closed', keys.closed)
  const open = await add('open', keys.open)
  await expect(add('open', keys.open)).rejects.toMatchObject({ code: 'conflict' })
  const work = join(rig.folder, 'work')
  await mkdir(work)
  await writeFile(join(work, 'job.sh'), 'echo hello\n')
  const { jobs } = rig.handlers
  const ask = async (account?: string) =>
    await jobs.propose(
      {
        file: {
          script: 'job.sh',
          provider: 'lambda',
          machineType: 'gpu_1x_a10',
          ...(account === undefined ? {} : { account }),
        },
        baseDir: work,
        environment: {},
      },
      noone,
    )
  const { spec, ceiling, options } = await ask()
  const accountsOf = (all: typeof options) => all.map(({ offer }) => offer.accountId)
  expect(accountsOf(options)).toEqual([closed.accountId, open.accountId])
  expect(accountsOf((await ask('open')).options)).toEqual([open.accountId])

  const submission = { spec, ceiling, acceptsNoLease: true, environment: {} }
  const { jobId } = await jobs.submit(structuredClone(submission) as never, noone)
  const show = async (): Promise<JobDetail> => (await jobs.show({ jobId }, noone)) as JobDetail
  await eventually(async () => (await show()).summary.offer?.accountId === open.accountId, {
    timeoutMs: 30_000,
  })
  await eventually(() => fake.world.live() === 1, { timeoutMs: 30_000 })
  const history = (await show()).timeline.map(({ sentence }) => sentence)
  expect(history.slice(2)).toEqual([
    'Renting gpu_1x_a10 at Lambda (closed) for $0.75/h',
    expect.stringMatching(
      /^gpu_1x_a10 in us-west-1 at Lambda \(closed\): .* This account is left out from now on\.$/,
    ),
    'Renting gpu_1x_a10 at Lambda (open) for $0.75/h',
    ...history.slice(5),
  ])
  await jobs.stop({ jobId, discard: true }, noone)
  await eventually(async () => (await show()).summary.settled, { timeoutMs: 30_000 })
  const [first, second] = (await show()).receipts
  expect([first?.accountId, second?.accountId]).toEqual([closed.accountId, open.accountId])
  expect(fake.world.live()).toBe(0)
})
