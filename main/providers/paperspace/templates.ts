import type { HttpApi } from '../http/http-api.ts'
import { rowsOf } from './api.ts'
import { templatesSchema, type WireTemplate } from './wire.ts'

/**
 * The template to start each machine type with: ML-in-a-Box, which brings drivers, CUDA and Docker
 * (https://docs.digitalocean.com/products/paperspace/machines/getting-started/run-ml-in-a-box/,
 * 2025-01), in its newest edition. Plain Ubuntu has no drivers; types without such a template are left out.
 */
export async function templatesByType(
  api: HttpApi,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, WireTemplate>> {
  const best = new Map<string, WireTemplate>()
  for await (const template of rowsOf(api, templatesSchema, '/os-templates', {}, signal)) {
    if (!/ml[\s-]*in[\s-]*a[\s-]*box/i.test(`${template.name} ${template.operatingSystemLabel}`))
      continue
    for (const { machineTypeLabel: label, isAvailable } of template.availableMachineTypes) {
      const known = best.get(label)
      const isNewer = known === undefined || known.dtCreated < template.dtCreated
      if (isAvailable && isNewer) best.set(label, template)
    }
  }
  return best
}
