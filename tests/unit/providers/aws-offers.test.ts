import { readFileSync } from 'node:fs'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { gate } from '../../../main/domain/quality-gate.ts'
import { hardwareOf } from '../../../main/providers/aws/hardware.ts'
import { priceIn } from '../../../main/providers/aws/price-row.ts'
import { usdOfMicros } from '../../../main/providers/aws/run-instances.ts'
import { wireTypeSchema } from '../../../main/providers/aws/wire.ts'
import { productRow, typesIn } from '../../support/clouds/aws-catalogue.ts'
import { awsRig, type AwsRig } from '../../support/clouds/aws-rig.ts'
import { specFile } from '../../support/clouds/spec-folder.ts'
import { collect } from '../../support/collect.ts'

const forever = new AbortController().signal
const dayMs = 86_400_000
let rig: AwsRig

beforeEach(async () => {
  rig = await awsRig()
})
afterEach(async () => {
  await rig.close()
})

const offers = (query = {}) => collect(rig.session.offers(query, forever))

it('offers what the image can serve, on demand and spot, and passes the gate', async () => {
  const all = await offers()
  expect(gate(all).dropped).toEqual([])
  expect(new Set(all.map(({ machineType }) => machineType))).toEqual(
    new Set(['g4dn.xlarge', 'g5.xlarge', 'p5.48xlarge']),
  )
  const [onDemand, spot] = all.filter(
    ({ machineType, region }) => machineType === 'g5.xlarge' && region === 'us-east-1',
  )
  // With the address, which costs half a cent.
  expect(onDemand).toMatchObject({
    spot: false,
    microsPerHour: 1_011_000,
    reservedMicrosPerHour: 336_000,
    source: 'live',
  })
  expect(spot?.reservedMicrosPerHour).toBeUndefined()
  expect(spot).toMatchObject({ spot: true, microsPerHour: 426_100, availability: 'unknown' })
})

it('leaves out a region that does not answer, and fails only when all do', async () => {
  rig.world.deadRegions.add('us-east-1')
  expect(new Set((await offers()).map(({ region }) => region))).toEqual(new Set(['eu-central-1']))
  rig.world.deadRegions.add('eu-central-1')
  await expect(offers()).rejects.toMatchObject({ code: 'unavailable' })
})

it('reads the price list once a day', async () => {
  const asked = () => rig.asked.filter((action) => action === 'GetProducts').length
  await offers({ region: 'us-east-1' })
  await offers({ region: 'us-east-1' })
  expect(asked()).toBe(1)
  await rig.clock.sleep(dayMs)
  await offers({ region: 'us-east-1' })
  expect(asked()).toBe(2)
})

it('reads a row of the price list, and none that is another market’s or without price', () => {
  const row = productRow(typesIn('eu-central-1')[0] ?? expect.fail(), 'eu-central-1')
  expect(priceIn(row)).toEqual({
    machineType: 'g4dn.xlarge',
    micros: 526_000,
    reservedMicros: 331_000,
  })
  expect(priceIn(row.replace('"OnDemand"', '"CapacityBlock"'))).toBeNull()
  expect(priceIn(row.replace('0.5260000000', '0.0000000000'))).toBeNull()
  expect(priceIn('<html>')).toBeNull()
})

it('writes a price limit exactly', () => {
  expect([1, 421_100, 55_040_000].map(usdOfMicros)).toEqual(['0.000001', '0.421100', '55.040000'])
})

const real = specFile('aws-ec2-describe-instance-types-2026-08.json')

it('reads every real machine type: cards, memory and sizes that are sold', (context) => {
  if (real === null) return context.skip('The real machine types are not on this computer.')
  const rows = Object.values(JSON.parse(readFileSync(real, 'utf8')) as Record<string, unknown>)
  const read = rows
    .map((row) => hardwareOf(wireTypeSchema.parse(row)))
    .filter((one) => one !== null)
  const cards = new Set(read.map(({ gpu }) => `${gpu.name} ${gpu.vramGiB}`))
  expect([...cards].toSorted()).toEqual(
    [
      'A100 40',
      'A100 80',
      'A10G 24',
      'B200 179.1',
      'B300 268.6',
      'H100 80',
      'H200 141',
      'L4 24',
      'L40S 48',
      'RTX PRO 4500 32',
      'RTX PRO 6000 96',
      'T4 16',
    ].toSorted(),
  )
  const names = read.map(({ machineType }) => machineType)
  expect(names.filter((name) => /^(g4ad|g5g|g6f|gr6f|p3)/.test(name))).toEqual([])
  expect(read.find(({ machineType }) => machineType === 'p5.48xlarge')).toEqual({
    machineType: 'p5.48xlarge',
    gpu: { name: 'H100', vendor: 'nvidia', count: 8, vramGiB: 80 },
    vcpus: 192,
    memoryGiB: 2_048,
    onDemand: true,
    spot: true,
  })
})
