import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Offer } from '../../preload/contract/offer.ts'
import type { Clock } from '../../main/domain/clock.ts'
import type { Credentials, Provider } from '../../main/providers/provider.ts'
import {
  startFakeCloud,
  type FakeCloudOptions,
  type FakeWorld,
} from '../support/clouds/fake-cloud.ts'
import { steppingClock } from '../support/stepping-clock.ts'
import type { ConformanceSubject } from './subject.ts'

export interface FakeCloudSubjectOptions {
  readonly name: string
  /** Values that look like real ones; the suite holds that they are never shown. */
  readonly credentials: Credentials
  readonly settings?: Readonly<Record<string, string>>
  readonly world: (clock: Clock) => FakeWorld
  readonly provider: (url: string, requestTimeoutMs: number) => Provider
  readonly rentable: (offer: Offer) => boolean
  readonly spec?: FakeCloudOptions['spec']
}

/** What a request takes in engine time, which here goes on by requests and by sleeps alone. */
const requestMs = 200
/** In physical time; the fake is in this process. */
const requestTimeoutMs = 1_200

/** A provider against a fake of its API, for the conformance suite. */
export function fakeCloudSubject(options: FakeCloudSubjectOptions): ConformanceSubject {
  const { name, credentials, settings = {}, spec } = options
  return {
    name,
    open: async () => {
      const clock = steppingClock(Date.now())
      const cloud = await startFakeCloud(options.world(clock), {
        arrived: () => clock.sleep(requestMs),
        ...(spec === undefined ? {} : { spec }),
      })
      const provider = options.provider(cloud.url, requestTimeoutMs)
      const stateDir = mkdtempSync(join(tmpdir(), `sublet-fake-${name}-`))
      return {
        provider,
        account: {
          id: `${name}-1`,
          providerId: provider.about.id,
          name: 'mine',
          credentials,
          settings,
        },
        context: {
          clock,
          homeId: 'home-of-this-test',
          stateDir,
          environment: {},
          log: () => undefined,
        },
        requestTimeoutMs,
        rentable: options.rentable,
        misbehave: async (what) => cloud.misbehave(what),
        behave: async () => cloud.behave(),
        plant: async (what) => cloud.world.plant(what),
        liveMachines: async () => cloud.world.live(),
        onRequest: (listener) => cloud.onRequest(listener),
        described: () => cloud.described(),
        close: async () => {
          await cloud.close()
          rmSync(stateDir, { recursive: true, force: true })
        },
      }
    },
  }
}
