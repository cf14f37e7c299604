import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Tree } from '../../support/clouds/aws-wire.ts'
import { awsRig, type AwsRig } from '../../support/clouds/aws-rig.ts'
import { launchRequest, newLoginKey } from '../../support/rent.ts'

const forever = new AbortController().signal
const { publicKey } = newLoginKey()
let rig: AwsRig

beforeEach(async () => {
  rig = await awsRig()
})
afterEach(async () => {
  await rig.close()
})

const requestFor = async (machineType: string, spot = false, change = {}) =>
  launchRequest(await rig.offer(machineType, spot), publicKey, rig.clock.now(), change)
const zonesOfAll = () => rig.world.machines.all().map(({ facts }) => facts.zone)
const inputOfFirst = () => rig.world.machines.all()[0]?.facts.input ?? {}

it('goes to the next zone while one has none free, and says so when none has', async () => {
  const request = await requestFor('g5.xlarge')
  for (const zone of ['us-east-1a', 'us-east-1b', 'us-east-1c']) rig.world.fullZones.add(zone)
  await expect(rig.session.launch(request, forever)).rejects.toMatchObject({
    code: 'no-capacity',
    message: expect.stringContaining('us-east-1a, us-east-1b, us-east-1c'),
  })
  rig.world.fullZones.delete('us-east-1c')
  await rig.session.launch(request, forever)
  expect(zonesOfAll()).toEqual(['us-east-1c'])
  expect(rig.world.live()).toBe(1)
})

it('settles a launch in the zone where it may have had its effect, though another is free now', async () => {
  const request = await requestFor('g5.xlarge')
  rig.world.plantFault({ kind: 'invisible', ms: 600_000 })
  // The first zone refuses, the second takes the machine, and its answer is lost.
  rig.cloud.misbehave({ kind: 'no-capacity', operation: 'launch' })
  rig.cloud.misbehave({ kind: 'disconnect', operation: 'launch', when: 'after' })
  await expect(rig.session.launch(request, forever)).rejects.toMatchObject({ code: 'unavailable' })
  expect(zonesOfAll()).toEqual(['us-east-1b'])
  const { instanceId } = await rig.session.launch(request, forever)
  expect(rig.world.machines.all().map(({ id }) => id)).toEqual([instanceId])
})

it('takes a launch that is repeated with another user data for the same one', async () => {
  const request = await requestFor('g5.xlarge', false, { userData: '#!/bin/sh\necho 1\n' })
  rig.world.plantFault({ kind: 'invisible', ms: 5_000 })
  const { instanceId } = await rig.session.launch(request, forever)
  const again = { ...request, userData: '#!/bin/sh\necho 2\n' }
  await expect(rig.session.launch(again, forever)).rejects.toMatchObject({ code: 'unavailable' })
  await rig.clock.sleep(5_000)
  expect((await rig.session.launch(again, forever)).instanceId).toBe(instanceId)
  expect(rig.world.live()).toBe(1)
})

it('asks for a machine that ends its own bill, with everything that was promised', async () => {
  const userData = '#!/bin/sh\ntouch first\n'
  const request = await requestFor('g5.xlarge', false, { userData, diskGiB: 250 })
  await rig.session.launch(request, forever)
  const input = inputOfFirst()
  expect(input).toMatchObject({
    InstanceInitiatedShutdownBehavior: 'terminate',
    MetadataOptions: { HttpTokens: 'required' },
    BlockDeviceMapping: [
      { DeviceName: '/dev/sda1', Ebs: { VolumeSize: '250', DeleteOnTermination: 'true' } },
    ],
    ClientToken: `${request.rentalId}-us-east-1a`,
  })
  expect(input['InstanceMarketOptions']).toBeUndefined()
  const told = Buffer.from(input['UserData'] as string, 'base64').toString('utf8')
  const config = JSON.parse(told.replace('#cloud-config\n', '')) as Tree
  expect(config['ssh_authorized_keys']).toEqual([publicKey])
  expect(config['runcmd']).toEqual([['su', '-', 'ubuntu', '-s', '/bin/sh', '-c', userData]])
})

it('rents spot once, in the cheapest zone, never above what was confirmed', async () => {
  const request = await requestFor('g5.xlarge', true, { maxMicrosPerHour: 430_000 })
  expect(request.offer.microsPerHour).toBe(421_100 + 5_000)
  rig.world.fullZones.add('us-east-1a').add('us-east-1b')
  // The third zone would cost 0.4361.
  await expect(rig.session.launch(request, forever)).rejects.toMatchObject({ code: 'no-capacity' })
  rig.world.fullZones.clear()
  await rig.session.launch(request, forever)
  expect(inputOfFirst()).toMatchObject({
    InstanceMarketOptions: {
      MarketType: 'spot',
      SpotOptions: {
        SpotInstanceType: 'one-time',
        InstanceInterruptionBehavior: 'terminate',
        MaxPrice: '0.425000',
      },
    },
  })
})

it('does not give up on a security group that is not known everywhere yet', async () => {
  const request = await requestFor('g5.xlarge')
  rig.world.lateGroups = 1
  await expect(rig.session.launch(request, forever)).rejects.toMatchObject({ code: 'unavailable' })
  await rig.session.launch(request, forever)
  expect(rig.world.live()).toBe(1)
  expect(rig.world.things.groups).toHaveLength(1)
})

it('does not take a risen price for an answer while a spot launch may have had its effect', async () => {
  const request = await requestFor('g5.xlarge', true)
  rig.world.plantFault({ kind: 'invisible', ms: 600_000 })
  rig.cloud.misbehave({ kind: 'disconnect', operation: 'launch', when: 'after' })
  await expect(rig.session.launch(request, forever)).rejects.toMatchObject({ code: 'unavailable' })
  const lower = { ...request, maxMicrosPerHour: request.offer.microsPerHour - 1 }
  await expect(rig.session.launch(lower, forever)).rejects.toMatchObject({ code: 'unavailable' })
  await rig.clock.sleep(600_000)
  await rig.session.launch(lower, forever)
  expect(rig.world.live()).toBe(1)
})

it('opens port 22 to this computer alone, or says that it could not be asked for', async () => {
  const { message } = await rig.session.launch(await requestFor('g5.xlarge'), forever)
  expect(message).toBeNull()
  expect(rig.world.things.groups.map(({ open }) => open)).toEqual([['203.0.113.7/32']])
  await rig.close()
  rig = await awsRig({ knowsAddress: false })
  const open = await rig.session.launch(await requestFor('g5.xlarge'), forever)
  expect(open.message).toMatch(/^Port 22 of the machine is open to every address/)
  expect(rig.world.things.groups.map(({ open: ranges }) => ranges)).toEqual([['0.0.0.0/0']])
})

it('explains a quota before it asks for the machine', async () => {
  const request = await requestFor('p5.48xlarge')
  expect(request.offer.availability).toBe('no-quota')
  await expect(rig.session.launch(request, forever)).rejects.toMatchObject({
    code: 'quota',
    message:
      'Your account may run 0 vCPUs of P instances in us-east-1, and p5.48xlarge has 192: request more at https://us-east-1.console.aws.amazon.com/servicequotas/home/services/ec2/quotas/L-417A185B, or choose another region.',
  })
  expect(rig.asked).not.toContain('RunInstances')
  expect(rig.world.things.groups).toEqual([])
})

it('says how to make a network where the account has none', async () => {
  const request = await requestFor('g5.xlarge')
  rig.world.bareRegions.add('us-east-1')
  await expect(rig.session.launch(request, forever)).rejects.toMatchObject({
    code: 'quota',
    message: expect.stringContaining('aws ec2 create-default-vpc --region us-east-1'),
  })
})

it('gives no receipt to the keys of another account, to which every machine looks gone', async () => {
  const request = await requestFor('g5.xlarge')
  const { rentalId } = request
  const { instanceId } = await rig.session.launch(request, forever)
  const launchedAt = rig.clock.now()
  const rental = { rentalId, instanceId, launchedAt, seen: true, region: 'us-east-1' }
  rig.world.number = '210987654321'
  rig.world.vanish(rentalId)
  await expect(rig.session.release(rental, forever)).rejects.toMatchObject({
    code: 'auth',
    message: expect.stringContaining('rented by AWS account 123456789012'),
  })
  rig.world.number = '123456789012'
  expect((await rig.session.release(rental, forever)).kind).toBe('receipt')
})

it('opens port 22 to a new address when this computer has moved', async () => {
  const request = await requestFor('g5.xlarge')
  const { rentalId } = request
  const { instanceId } = await rig.session.launch(request, forever)
  const launchedAt = rig.clock.now()
  const rental = { rentalId, instanceId, launchedAt, seen: true, region: 'us-east-1' }
  await rig.clock.sleep(60_000)
  await rig.session.describe(rental, forever)
  rig.world.ownAddress = '198.51.100.20'
  await rig.session.describe(rental, forever)
  expect(rig.world.things.groups[0]?.open).toEqual(['203.0.113.7/32'])
  await rig.clock.sleep(60_000)
  await rig.session.describe(rental, forever)
  expect(rig.world.things.groups[0]?.open).toEqual(['203.0.113.7/32', '198.51.100.20/32'])
})
