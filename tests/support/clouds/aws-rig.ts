import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Offer } from '../../../preload/contract/offer.ts'
import { awsProvider } from '../../../main/providers/aws/provider.ts'
import type { ProviderSession } from '../../../main/providers/provider.ts'
import { collect } from '../collect.ts'
import { steppingClock } from '../stepping-clock.ts'
import { AwsWorld } from './aws-world.ts'
import { startFakeCloud, type FakeCloud } from './fake-cloud.ts'
import { awsRequest } from './aws-wire.ts'

/** An AWS session with a world of its own behind it, for what only EC2 has. */
export interface AwsRig {
  readonly world: AwsWorld
  readonly cloud: FakeCloud<AwsWorld>
  readonly session: ProviderSession
  readonly clock: ReturnType<typeof steppingClock>
  /** What was asked so far: `DescribeInstances`. */
  readonly asked: string[]
  offer(machineType: string, spot?: boolean): Promise<Offer>
  close(): Promise<void>
}

const forever = new AbortController().signal

/** Opens one; `knowsAddress` false: nobody can say what this computer's address is. */
export async function awsRig({ knowsAddress = true } = {}): Promise<AwsRig> {
  const clock = steppingClock(Date.UTC(2026, 10, 21))
  const world = new AwsWorld(clock)
  const asked: string[] = []
  const cloud = await startFakeCloud(world, {
    arrived: async (request) => {
      asked.push(awsRequest(request)?.action ?? request.path)
      await clock.sleep(200)
    },
  })
  const stateDir = mkdtempSync(join(tmpdir(), 'sublet-aws-'))
  const credentials = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'canary' }
  const session = awsProvider({
    endpoint: cloud.url,
    ownAddressUrl: `${cloud.url}/${knowsAddress ? 'own-address' : 'nothing'}`,
    imageOwner: '898082745236',
    sshPort: 22,
    requestTimeoutMs: 10_000,
  }).connect(
    { id: 'aws-1', providerId: 'aws', name: 'mine', credentials, settings: {} },
    { clock, homeId: 'home-of-this-test', stateDir, environment: {}, log: () => undefined },
  )
  return {
    world,
    cloud,
    session,
    clock,
    asked,
    offer: async (machineType, spot = false) => {
      const offers = await collect(session.offers({ region: 'us-east-1' }, forever))
      const found = offers.find((one) => one.machineType === machineType && one.spot === spot)
      if (found === undefined) throw new Error(`The fake offers no ${machineType}.`)
      return found
    },
    close: async () => {
      await cloud.close()
      rmSync(stateDir, { recursive: true, force: true })
    },
  }
}
