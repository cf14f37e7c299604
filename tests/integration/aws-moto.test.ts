import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { EC2 } from '@aws-sdk/client-ec2'
import { afterAll, beforeAll, describe, expect, it, type TestContext } from 'vitest'
import type { Offer } from '../../preload/contract/offer.ts'
import { receiptSchema } from '../../preload/contract/rental.ts'
import { systemClock } from '../../main/engine/system-clock.ts'
import { awsProvider } from '../../main/providers/aws/provider.ts'
import { realPlace } from '../../main/providers/aws/place.ts'
import type { ProviderSession } from '../../main/providers/provider.ts'
import { collect } from '../support/collect.ts'
import { eventually } from '../support/eventually.ts'
import { motoServer, type MotoServer } from '../support/moto-server.ts'
import { launchRequest, newLoginKey } from '../support/rent.ts'

const forever = new AbortController().signal
const region = 'us-east-1'
const credentials = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'canary-of-this-test' }

/** A second opinion on EC2, as another project reads its documentation; without price list. */
describe('AWS as moto plays it', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sublet-aws-moto-'))
  let moto: MotoServer | null = null
  let session: ProviderSession
  let ec2: EC2

  beforeAll(async () => {
    moto = await motoServer()
    if (moto === null) return
    const endpoint = `http://127.0.0.1:${moto.port}`
    ec2 = new EC2({ endpoint, region, credentials })
    const place = {
      ...realPlace,
      ownAddressUrl: `${endpoint}/moto-api/nothing`,
      imageOwner: '123456789012',
    }
    session = awsProvider(place).connect(
      { id: 'aws-1', providerId: 'aws', name: 'mine', credentials, settings: {} },
      {
        clock: systemClock(undefined),
        homeId: 'home-of-this-test',
        stateDir: folder,
        environment: { AWS_ENDPOINT_URL: endpoint },
        log: () => undefined,
      },
    )
    await ec2.registerImage({
      Name: 'Deep Learning Base OSS Nvidia Driver GPU AMI (Ubuntu 22.04) 20261101',
      RootDeviceName: '/dev/sda1',
      BlockDeviceMappings: [{ DeviceName: '/dev/sda1', Ebs: { VolumeSize: 75 } }],
    })
  })
  afterAll(async () => {
    await moto?.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  const skipWithout = (context: TestContext): void => {
    if (moto === null)
      context.skip("moto is needed: pip install 'moto[server]', and SUBLET_TEST_MOTO=…/moto_server")
  }

  it('checks whose keys these are, and what they may', async (context) => {
    skipWithout(context)
    expect(await session.check(forever)).toMatchObject({
      ok: true,
      identity: 'AWS account 123456789012 (user/moto)',
    })
  })

  it('offers the real machine types, at bundled prices where there is no price list', async (context) => {
    skipWithout(context)
    const offers = await collect(session.offers({ region }, forever))
    const types = new Set(offers.map(({ machineType }) => machineType))
    for (const type of ['g4dn.xlarge', 'g6e.12xlarge', 'p4de.24xlarge', 'p5.48xlarge'])
      expect(types).toContain(type)
    // AMD, Arm, parts of a card, cards older than the driver.
    for (const type of ['g4ad.xlarge', 'g5g.xlarge', 'g6f.large', 'p3.2xlarge'])
      expect(types).not.toContain(type)
    const onDemand = offers.find(({ machineType, spot }) => machineType === 'g5.xlarge' && !spot)
    expect(onDemand).toMatchObject({
      microsPerHour: 1_011_000,
      source: 'snapshot',
      gpu: { name: 'A10G', count: 1, vramGiB: 24 },
      vcpus: 4,
      memoryGiB: 16,
    })
  })

  for (const spot of [false, true]) {
    it(`rents ${spot ? 'spot' : 'on demand'}, lists, ends, and leaves nothing`, async (context) => {
      skipWithout(context)
      const offers = await collect(session.offers({ region, spot }, forever))
      const offer = offers.find((one) => one.machineType === 'g4dn.xlarge' && one.spot === spot)
      if (offer === undefined) throw new Error('moto offers no g4dn.xlarge.')
      await rentAndEnd(offer)
    })
  }

  async function rentAndEnd(offer: Offer): Promise<void> {
    const { publicKey } = newLoginKey()
    const userData = '#!/bin/sh\ntouch "$HOME/first"\n'
    const request = launchRequest(offer, publicKey, Date.now(), { userData, diskGiB: 120 })
    const { rentalId } = request
    const { instanceId, message } = await session.launch(request, forever)
    // Its own address could not be asked for there.
    expect(message).toMatch(/open to every address/)
    expect((await session.launch(request, forever)).instanceId).toBe(instanceId)

    const { Reservations: found } = await ec2.describeInstances({ InstanceIds: [instanceId] })
    const machine = found?.[0]?.Instances?.[0]
    expect(machine?.InstanceLifecycle).toBe(offer.spot ? 'spot' : undefined)
    const tags = Object.fromEntries((machine?.Tags ?? []).map(({ Key, Value }) => [Key, Value]))
    expect(tags).toMatchObject({
      Name: rentalId,
      'sublet-rental': rentalId,
      'sublet-home': 'home-of-this-test',
      'sublet-price': String(offer.microsPerHour),
    })
    const told = await ec2.describeInstanceAttribute({
      InstanceId: instanceId,
      Attribute: 'userData',
    })
    const text = Buffer.from(told.UserData?.Value ?? '', 'base64').toString('utf8')
    expect(text).toMatch(/^#cloud-config\n/)
    expect(text).toContain(publicKey)
    const ends = await ec2.describeInstanceAttribute({
      InstanceId: instanceId,
      Attribute: 'instanceInitiatedShutdownBehavior',
    })
    expect(ends.InstanceInitiatedShutdownBehavior?.Value).toBe('terminate')

    const rental = { rentalId, instanceId, launchedAt: Date.now(), seen: true, region }
    expect(await session.describe(rental, forever)).toMatchObject({
      state: 'running',
      microsPerHour: offer.microsPerHour,
      ssh: { user: 'ubuntu', port: 22 },
    })
    const everywhere = await collect(session.list(forever))
    const machines = everywhere.filter(({ kind }) => kind === 'machine')
    expect(machines.map(({ nativeId }) => nativeId)).toEqual([instanceId])
    // moto says of a root disk that it stays, so it is listed too, and has to be ended as well.
    for (const row of everywhere)
      expect(row).toMatchObject({ rentalId, homeId: 'home-of-this-test', region })

    const receipt = await eventually(
      async () => {
        const outcome = await session.release(rental, forever)
        return outcome.kind === 'receipt' ? outcome.receipt : null
      },
      { timeoutMs: 20_000, what: 'a receipt' },
    )
    expect(receiptSchema.parse(receipt)).toMatchObject({ rentalId, instanceId })
    const { Volumes: volumes } = await ec2.describeVolumes({})
    expect(volumes).toEqual([])
    const { SecurityGroups: groups } = await ec2.describeSecurityGroups({})
    expect(groups?.map(({ GroupName }) => GroupName)).not.toContain(rentalId)
  }
})
