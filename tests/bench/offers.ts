import { gpuCatalogue } from '../../main/domain/gpu-catalogue.ts'
import { offerFilter } from '../../main/domain/offer-filter.ts'
import { gate } from '../../main/domain/quality-gate.ts'
import { rankOffers } from '../../main/domain/ranking.ts'
import type { JobSize } from '../../main/domain/estimate.ts'
import type { Offer } from '../../preload/contract/offer.ts'
import { anOffer } from '../unit/domain/an-offer.ts'
import { medianMs, report } from './timed.ts'

const count = 50_000
const template = anOffer()
const offers = Array.from({ length: count }, (_, index) => made(index))
const job: JobSize = {
  uploadBytes: 3_000_000_000,
  downloadBytesGuess: 500_000_000,
  expectedRunMs: 5_400_000,
  maxDurationMs: null,
  budgetMicros: 20_000_000,
  bytesPerSecond: 48_000_000,
  warm: false,
}

report(
  `${count} offers: filter and rank, narrow query`,
  medianMs(15, () => rankOffers(offers.filter(offerFilter({ gpuName: 'h100', spot: false })), job)),
  50,
)
report(
  `${count} offers: filter and rank, everything fits`,
  medianMs(15, () => rankOffers(offers.filter(offerFilter({ gpus: 1 })), job)),
  50,
)
report(
  `${count} offers: quality gate`,
  medianMs(15, () => gate(offers)),
)

function made(index: number): Offer {
  const nvidia = gpuCatalogue.filter((model) => model.vendor === 'nvidia')
  const model = nvidia[index % nvidia.length]
  const microsPerHour = 500_000 + ((index * 7_919) % 9_000_000)
  return {
    ...template,
    id: `bench:main:type-${index}:r:od`,
    machineType: `type-${index}`,
    spot: index % 3 === 0,
    gpu: {
      name: model?.name ?? 'H100',
      vendor: 'nvidia',
      count: 1 + (index % 8),
      vramGiB: model?.vramGiB[0] ?? 80,
    },
    microsPerHour: microsPerHour as Offer['microsPerHour'],
    expectedBootMs: 20_000 + (index % 200) * 1_000,
  }
}
