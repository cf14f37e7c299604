import { expect, it } from 'vitest'
import { gpuModels } from '../../../sandbox-cloud/gpu-models.ts'
import { catalogue } from '../../../sandbox-cloud/catalogue.ts'
import { normaliseGpu } from '../../../main/domain/gpu-names.ts'
import { gate } from '../../../main/domain/quality-gate.ts'
import { anOffer } from './an-offer.ts'

it('knows every device of the practice cloud by the name that the cloud sells', () => {
  for (const model of Object.values(gpuModels)) {
    expect(normaliseGpu(model.deviceName, model.vramGiB)).toMatchObject({
      name: model.name,
      vendor: model.vendor,
      known: true,
    })
  }
})

it('believes every price of the practice cloud', () => {
  const offers = catalogue.flatMap((type) =>
    [type.onDemandMicros, type.spotMicros].flatMap((microsPerHour, index) =>
      microsPerHour === null
        ? []
        : [
            anOffer({
              machineType: type.name,
              spot: index === 1,
              microsPerHour,
              gpu:
                type.gpu === null ? null : { ...gpuModels[type.gpu.model], count: type.gpu.count },
            }),
          ],
    ),
  )
  expect(gate(offers).dropped.map((row) => row.reason)).toEqual([])
  expect(offers.length).toBeGreaterThan(30)
})
