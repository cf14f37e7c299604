import type { Billable } from '../../../preload/contract/rental.ts'
import type { HttpApi } from '../http/http-api.ts'
import type { Account } from '../provider.ts'
import { pagesOf } from './api.ts'
import { machineRow } from './instance.ts'
import { addressRow, imageRow, volumeRow } from './storage-rows.ts'
import {
  addressesSchema,
  dropletsSchema,
  imagesSchema,
  snapshotsSchema,
  volumesSchema,
  type WireDroplet,
} from './wire.ts'

/** Droplets of one kind. Without the word `gpus` the API hides those with GPUs. */
export async function* dropletsOf(
  api: HttpApi,
  type: 'gpus' | 'droplets',
  signal: AbortSignal,
): AsyncGenerator<WireDroplet> {
  for await (const { droplets } of pagesOf(api, dropletsSchema, '/droplets', { type }, signal)) {
    yield* droplets
  }
}

/** What Sublet may have made here that is billed: droplets with GPUs. */
export async function* listMachines(
  api: HttpApi,
  account: Account,
  signal: AbortSignal,
): AsyncGenerator<Billable> {
  for await (const droplet of dropletsOf(api, 'gpus', signal)) yield machineRow(droplet, account)
}

/**
 * Droplets of every kind, volumes, reserved addresses, snapshots and images of one's own. Clusters,
 * databases, load balancers and object storage are billed too and are not told.
 */
export async function* listBillables(
  api: HttpApi,
  account: Account,
  signal: AbortSignal,
): AsyncGenerator<Billable> {
  const seen = new Set<number>()
  for (const type of ['gpus', 'droplets'] as const) {
    for await (const droplet of dropletsOf(api, type, signal)) {
      if (!seen.has(droplet.id)) yield machineRow(droplet, account)
      seen.add(droplet.id)
    }
  }
  for await (const { volumes } of pagesOf(api, volumesSchema, '/volumes', {}, signal)) {
    for (const volume of volumes) yield volumeRow(volume, account)
  }
  for await (const page of pagesOf(api, addressesSchema, '/reserved_ips', {}, signal)) {
    for (const address of page.reserved_ips) yield addressRow(address, account)
  }
  const ofVolumes = { resource_type: 'volume' }
  for await (const page of pagesOf(api, snapshotsSchema, '/snapshots', ofVolumes, signal)) {
    for (const snapshot of page.snapshots) yield imageRow(snapshot, account)
  }
  for await (const page of pagesOf(api, imagesSchema, '/images', { private: true }, signal)) {
    for (const image of page.images) yield imageRow(image, account)
  }
}
