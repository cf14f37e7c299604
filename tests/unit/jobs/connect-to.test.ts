import { expect, it } from 'vitest'
import { SubletError } from '../../../main/domain/errors.ts'
import { silentLogger } from '../../../main/domain/logger.ts'
import { beginRental } from '../../../main/domain/rental/begin.ts'
import { rentalTransition, type RentalRecord } from '../../../main/domain/rental/record.ts'
import type { RentalEvent } from '../../../main/domain/rental/events.ts'
import { connectTo } from '../../../main/jobs/steps/connect-to.ts'
import type { StepContext } from '../../../main/jobs/steps/context.ts'
import type { ErrorCode } from '../../../preload/contract/errors.ts'
import { now } from '../../support/fake-facts.ts'
import { intended } from '../../support/rental-events.ts'
import { rentalId } from '../../support/runner-rig.ts'

const key = 'ssh-ed25519 AAAAtrusted'
const ssh = { host: '10.0.0.1', port: 22, user: 'root', hostKeys: [key] }

/** A machine that the provider has at `port`, and whose old port answers with `code`. */
function moved(port: number | null, code: ErrorCode) {
  const events: RentalEvent[] = []
  let rental: RentalRecord = beginRental(rentalId, intended(), now)
  const take = (event: RentalEvent): void => {
    rental = rentalTransition(rental, event, now)
  }
  take({ kind: 'launch-issued' })
  take({ kind: 'launched', instanceId: 'i-1', billedFrom: now, gpuIndices: null })
  take({ kind: 'reachable', ssh })
  const asked: number[] = []
  const parts = {
    signal: new AbortController().signal,
    log: silentLogger,
    jobId: 'job',
    rental: () => rental,
    machines: {
      connect: async ({ ssh: target }: RentalRecord) => {
        asked.push(target?.port ?? 0)
        if (target?.port === port) return { label: 'found' }
        throw new SubletError(code, 'No.')
      },
      drop: () => undefined,
    },
    providers: {
      session: async () => ({
        describe: async () => {
          if (port === null) throw new SubletError('unavailable', 'Down.')
          return { ssh: { host: '10.0.0.1', port, user: 'root', hostKeys: ['ssh-ed25519 other'] } }
        },
      }),
    },
    appendBoth: (_: unknown, happened: readonly RentalEvent[]) => {
      for (const event of happened) {
        events.push(event)
        take(event)
      }
    },
  }
  // Of the context it uses these parts only.
  return { context: parts as unknown as StepContext, events, asked }
}

it.each(['unreachable', 'host-key', 'auth'] as const)(
  'follows a machine to its new address where the old one answers %s, and trusts the same key',
  async (code) => {
    const { context, events, asked } = moved(2222, code)
    await connectTo(context)
    expect(asked).toEqual([22, 2222])
    expect(events).toEqual([{ kind: 'reachable', ssh: { ...ssh, port: 2222 } }])
  },
)

it('says what was wrong where the provider does not say', async () => {
  const { context, events } = moved(null, 'unreachable')
  await expect(connectTo(context)).rejects.toMatchObject({ code: 'unreachable' })
  expect(events).toEqual([])
})

it('asks nobody about what is no matter of addresses', async () => {
  const { context, asked, events } = moved(2222, 'permission')
  await expect(connectTo(context)).rejects.toMatchObject({ code: 'permission' })
  expect([asked, events]).toEqual([[22], []])
})
