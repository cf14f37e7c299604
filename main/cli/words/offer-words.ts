import type { Gpu, Offer } from '../../../preload/contract/offer.ts'
import { formatMicrosPerHour } from '../../domain/format.ts'
import { inertLine } from '../format/inert.ts'

/** `2× H100 80 GiB`, or `no GPU`. */
export function gpuWords(gpu: Gpu | null): string {
  if (gpu === null) return 'no GPU'
  const memory = `${Number(gpu.vramGiB.toFixed(1))} GiB`
  return `${gpu.count === 1 ? '' : `${gpu.count}× `}${inertLine(gpu.name)} ${memory}`
}

/** `H100 80 GiB at $2.49/h (gpu-1x-h100, eu-1, sandbox, simulated)` */
export function offerWords(offer: Offer): string {
  const facts = [
    inertLine(offer.machineType),
    offer.region === '' ? [] : inertLine(offer.region),
    offer.providerId,
    offer.spot ? 'spot' : [],
    offer.simulated ? 'simulated' : [],
  ].flat()
  return `${gpuWords(offer.gpu)} at ${formatMicrosPerHour(offer.microsPerHour)} (${facts.join(', ')})`
}
