import { gpuCatalogue } from '../../main/domain/gpu-catalogue.ts'
import type { Offer } from '../../preload/contract/offer.ts'
import { offerSchema } from '../../preload/contract/offer.ts'

const regions = [
  'eu-north-1',
  'us-east-2',
  'Denmark, DK',
  'US-TX-3',
  'ap-south-1',
  'europe-west4',
  'southamerica-east1',
  'me-central-1',
  'Mars',
]
const template = offerSchema.parse({
  id: 'many:main:type:r:od',
  providerId: 'many',
  accountId: 'main',
  machineType: 'type',
  region: 'eu-north-1',
  gpu: { name: 'H100', vendor: 'nvidia', count: 1, vramGiB: 80 },
  vcpus: 16,
  memoryGiB: 128,
  diskGiB: 100,
  arch: 'x86_64',
  spot: false,
  microsPerHour: 2_000_000,
  billing: {
    incrementMs: 1_000,
    minimumMs: 0,
    startsAt: 'launch',
    diskMicrosPerGibHour: 0,
    egressMicrosPerGib: 0,
  },
  availability: 'available',
  expectedBootMs: 60_000,
  fetchedAt: 0,
  source: 'live',
  simulated: false,
})

/** So many different offers, the same each time: every catalogued GPU, region, count and state. */
export function manyOffers(count: number): Offer[] {
  return Array.from({ length: count }, (_, index) => {
    const model = gpuCatalogue[index % gpuCatalogue.length]
    const region = regions[index % regions.length] ?? ''
    const spot = index % 3 === 0
    return {
      ...template,
      id: `many:main:type-${index}:${region}:${spot ? 'spot' : 'od'}`,
      machineType: `type-${index}`,
      region,
      spot,
      gpu:
        model === undefined || index % 17 === 0
          ? null
          : {
              name: model.name,
              vendor: model.vendor,
              count: [1, 2, 4, 8][index % 4] ?? 1,
              vramGiB: model.vramGiB[0] ?? 80,
            },
      arch: index % 13 === 0 ? ('arm64' as const) : ('x86_64' as const),
      microsPerHour: (500_000 + ((index * 7_919) % 9_000_000)) as Offer['microsPerHour'],
      availability: (['available', 'unknown', 'none', 'no-quota'] as const)[index % 4] ?? 'unknown',
      expectedBootMs: 20_000 + (index % 200) * 1_000,
      ...(index % 5 === 0 ? {} : { reliability: (index % 100) / 100 }),
      fetchedAt: index,
    }
  })
}
