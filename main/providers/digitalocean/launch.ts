import { SubletError } from '../../domain/errors.ts'
import { cloudConfig } from '../cloud-init.ts'
import type { HttpApi } from '../http/http-api.ts'
import type { LaunchRequest } from '../provider.ts'
import { pagesOf } from './api.ts'
import { homeTag, sshUser } from './instance.ts'
import { addKey } from './keys.ts'
import { dropletsOf } from './list.ts'
import { microsPerHour, vendorOf } from './offers.ts'
import { dropletSchema, sizesSchema, type WireDroplet, type WireSize } from './wire.ts'

/** The droplet that carries the rental's name; null where there is none yet. */
export async function dropletNamed(
  api: HttpApi,
  rentalId: string,
  signal: AbortSignal,
): Promise<WireDroplet | null> {
  for await (const droplet of dropletsOf(api, 'gpus', signal)) {
    if (droplet.name === rentalId) return droplet
  }
  return null
}

/** Asks for a new droplet. The price is asked first: the request takes no limit. */
export async function launchDroplet(
  api: HttpApi,
  request: LaunchRequest,
  homeId: string,
  signal: AbortSignal,
): Promise<WireDroplet> {
  const { offer, rentalId, userData, hostKey } = request
  const size = await sizeNow(api, request, signal)
  // Without a key of the account DigitalOcean mails a root password to its owner.
  const keyId = await addKey(api, rentalId, request.publicKey, signal)
  const first = { ...(userData && { script: userData }), ...(hostKey && { hostKey }) }
  const { droplet } = await api.call(
    dropletSchema,
    {
      method: 'POST',
      path: '/droplets',
      body: {
        name: rentalId,
        region: offer.region,
        size: size.slug,
        image: imageFor(size),
        ssh_keys: [keyId],
        tags: ['sublet', `${homeTag}${homeId}`],
        backups: false,
        ipv6: false,
        monitoring: false,
        ...(Object.keys(first).length === 0
          ? {}
          : { user_data: cloudConfig({ user: sshUser, ...first }) }),
      },
    },
    signal,
  )
  return droplet
}

/**
 * The AI/ML Ready images, which bring drivers, CUDA or ROCm
 * (https://docs.digitalocean.com/products/droplets/getting-started/recommended-gpu-setup/, 2026-05).
 */
function imageFor(size: WireSize): string {
  if (vendorOf(size) === 'amd') return 'gpu-amd-base'
  return size.gpu_info?.count === 1 ? 'gpu-h100x1-base' : 'gpu-h100x8-base'
}

async function sizeNow(
  api: HttpApi,
  { offer, maxMicrosPerHour }: LaunchRequest,
  signal: AbortSignal,
): Promise<WireSize> {
  for await (const { sizes } of pagesOf(api, sizesSchema, '/sizes', {}, signal)) {
    const size = sizes.find(({ slug }) => slug === offer.machineType)
    if (size === undefined) continue
    if (microsPerHour(size) <= maxMicrosPerHour) return size
    throw new SubletError(
      'price-moved',
      `DigitalOcean's price of ${offer.machineType} has risen above the limit since it was read.`,
    )
  }
  throw new SubletError('no-capacity', `DigitalOcean has no ${offer.machineType} any more.`)
}
