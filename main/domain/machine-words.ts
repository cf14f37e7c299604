import type { Offer } from '../../preload/contract/offer.ts'

/** `RTX 4090 · Sandbox, eu-central`; a machine without GPU by its type. */
export function machineWords(offer: Offer, providerName: string): string {
  const place = [providerName, offer.region].filter((part) => part !== '').join(', ')
  return `${gpuWords(offer)} · ${place}`
}

/** `2 × A100`, or the machine's type where it has no GPU. */
export function gpuWords({ gpu, machineType }: Pick<Offer, 'gpu' | 'machineType'>): string {
  if (gpu === null) return machineType
  return `${gpu.count > 1 ? `${gpu.count} × ` : ''}${gpu.name}`
}
