import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { send } from '../../../main/providers/sandbox/api.ts'
import { readEndpoint } from '../../../main/providers/sandbox/launcher.ts'
import { sandboxStatus } from '../../../main/providers/sandbox/status.ts'
import { wireMachineSchema } from '../../../main/providers/sandbox/wire.ts'
import type { RentalId } from '../../../preload/contract/rental.ts'
import type { Offer } from '../../../preload/contract/offer.ts'
import { newHostKey } from '../../../sandbox-cloud/host-key.ts'
import { collect } from '../../support/collect.ts'
import { eventually } from '../../support/eventually.ts'
import {
  launchRequest,
  newLoginKey,
  newRentalId,
  refOf,
  untilReachable,
} from '../../support/rent.ts'
import { testSandbox } from '../../support/sandbox.ts'
import { sshExec, sshLogin } from '../../support/ssh-client.ts'

const signal = new AbortController().signal

describe("the sandbox's machines", () => {
  const sandbox = testSandbox({ speed: 20 })
  const key = newLoginKey()
  let offers: Offer[]

  beforeAll(async () => {
    offers = await collect(sandbox.session.offers({}, signal))
  })
  afterAll(() => sandbox.stop())

  const offerOf = (machineType: string): Offer => {
    const offer = offers.find((one) => one.machineType === machineType)
    if (offer === undefined) throw new Error(`The catalogue has no ${machineType}.`)
    return offer
  }
  const rentalOf = (rentalId: RentalId): Parameters<typeof sandbox.session.describe>[0] => ({
    rentalId,
    instanceId: null,
    launchedAt: sandbox.clock.now(),
    seen: true,
    region: '',
  })

  it('run user data as the first thing, and take a host key from it', async () => {
    const rentalId = newRentalId()
    const hostKey = newHostKey()
    const endpoint = readEndpoint(sandbox.stateDir)
    if (endpoint === null) throw new Error('The sandbox does not run.')
    const userData = `#!/bin/sh\n# ${hostKey.privateKey.replaceAll('\n', '\n# ')}\necho "$USER" > first\n`
    const body = {
      name: rentalId,
      type: 't4-1',
      region: 'us-east',
      publicKey: key.publicKey,
      userData,
    }
    await send(
      wireMachineSchema,
      endpoint,
      { method: 'POST', path: '/v1/machines', body },
      10_000,
      signal,
    )
    const target = await untilReachable(sandbox.session, rentalOf(rentalId))
    expect(target.hostKeys).toHaveLength(1)
    const client = await sshLogin(target, key.privateKey)
    expect((await sshExec(client, 'cat first')).stdout).toBe('sandbox\n')
    client.end()
    await sandbox.session.release(rentalOf(rentalId), signal)
  })

  it('have the tool of their GPU vendor, or none', async () => {
    const now = sandbox.clock.now()
    const look = async (type: string, command: string): Promise<string> => {
      const instance = await sandbox.session.launch(
        launchRequest(offerOf(type), key.publicKey, now),
        signal,
      )
      const client = await sshLogin(
        await untilReachable(sandbox.session, refOf(instance, now)),
        key.privateKey,
      )
      const { stdout } = await sshExec(client, command)
      client.end()
      await sandbox.session.release(refOf(instance, now), signal)
      return stdout
    }
    expect(await look('cpu-2', 'ls ../bin')).toBe('sandbox-self-terminate\n')
    const amd = await look(
      'mi300x-8',
      'rocm-smi --showuse --showmeminfo vram --showpower --showtemp --csv',
    )
    expect(amd.trim().split('\n')).toHaveLength(9)
    expect(amd).toContain('VRAM Total Memory (B)')
    expect(amd).toContain('card7,0,206141652992,')
  })

  it('start from an image only where the type can', async () => {
    const image = { environment: { kind: 'image', image: 'pytorch/pytorch:latest' } } as const
    const now = sandbox.clock.now()
    const refused = launchRequest(offerOf('t4-1'), key.publicKey, now, image)
    await expect(sandbox.session.launch(refused, signal)).rejects.toMatchObject({ code: 'invalid' })
    const taken = launchRequest(offerOf('rtx4090-1'), key.publicKey, now, image)
    const instance = await sandbox.session.launch(taken, signal)
    expect((await sandbox.session.release(refOf(instance, now), signal)).kind).toBe('receipt')
  })

  it('run out, are counted, and cost what is said', async () => {
    const offer = offerOf('b200-8')
    const now = sandbox.clock.now()
    const rent = (): Promise<{ rentalId: RentalId }> =>
      sandbox.session.launch(launchRequest(offer, key.publicKey, now), signal)
    const rented = [await rent(), await rent()]
    await expect(rent()).rejects.toMatchObject({ code: 'no-capacity' })
    const row = (await collect(sandbox.session.offers({}, signal))).find(
      ({ id }) => id === offer.id,
    )
    expect(row?.availability).toBe('none')
    await sandbox.control.post('prices', {
      type: 'b200-8',
      region: offer.region,
      spot: false,
      microsPerHour: 50_000_000,
    })
    await Promise.all(
      rented.map(({ rentalId }) => sandbox.session.release(rentalOf(rentalId), signal)),
    )
    await expect(rent()).rejects.toMatchObject({ code: 'price-moved' })
    await sandbox.control.post('prices', null)
  })

  it('run forty at a time, each with its own home, and all end', async () => {
    const offer = offerOf('cpu-2')
    const before = await sandboxStatus(sandbox.stateDir)
    const now = sandbox.clock.now()
    const instances = await Promise.all(
      Array.from({ length: 40 }, () =>
        sandbox.session.launch(launchRequest(offer, key.publicKey, now), signal),
      ),
    )
    const homes = await Promise.all(
      instances.map(async (instance) => {
        const client = await sshLogin(
          await untilReachable(sandbox.session, refOf(instance, now)),
          key.privateKey,
        )
        const { stdout } = await sshExec(client, 'pwd')
        client.end()
        return stdout
      }),
    )
    expect(new Set(homes).size).toBe(40)
    const outcomes = await Promise.all(
      instances.map((instance) => sandbox.session.release(refOf(instance, now), signal)),
    )
    const billed = outcomes.map((outcome) =>
      outcome.kind === 'receipt' ? Number(outcome.receipt.billedMicros) : Number.NaN,
    )
    await eventually(async () => (await sandboxStatus(sandbox.stateDir)).machines === 0)
    const after = await sandboxStatus(sandbox.stateDir)
    expect(after.billedMicros - before.billedMicros).toBe(
      billed.reduce((sum, micros) => sum + micros, 0),
    )
  })
})
