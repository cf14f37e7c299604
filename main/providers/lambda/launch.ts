import { z } from 'zod'
import { SubletError } from '../../domain/errors.ts'
import { cloudConfig } from '../cloud-init.ts'
import type { HttpApi } from '../http/http-api.ts'
import type { LaunchRequest } from '../provider.ts'
import { homeTag, sshUser } from './instance.ts'
import { microsPerHour } from './offers.ts'
import { instancesSchema, keysSchema, launchedSchema, typesSchema } from './wire.ts'
import type { WireInstance } from './wire.ts'

/** The machine that carries the rental's name and is not gone; null where there is none yet. */
export async function machineNamed(
  api: HttpApi,
  rentalId: string,
  signal: AbortSignal,
): Promise<WireInstance | null> {
  const { data } = await api.call(instancesSchema, { method: 'GET', path: '/instances' }, signal)
  return data.find(({ name }) => name === rentalId) ?? null
}

/** Asks for a new machine; answers its id. The price is asked first: `launch` takes no limit. */
export async function launchMachine(
  api: HttpApi,
  request: LaunchRequest,
  homeId: string,
  signal: AbortSignal,
): Promise<string> {
  const { offer, rentalId, userData, hostKey } = request
  await refuseIfDearer(api, request, signal)
  await addKey(api, rentalId, request.publicKey, signal)
  const first = { ...(userData && { script: userData }), ...(hostKey && { hostKey }) }
  const { data } = await api.call(
    launchedSchema,
    {
      method: 'POST',
      path: '/instance-operations/launch',
      body: {
        region_name: offer.region,
        instance_type_name: offer.machineType,
        ssh_key_names: [rentalId],
        name: rentalId,
        hostname: rentalId,
        tags: [{ key: homeTag, value: homeId }],
        ...(Object.keys(first).length === 0
          ? {}
          : { user_data: cloudConfig({ user: sshUser, ...first }) }),
      },
    },
    signal,
  )
  const [id] = data.instance_ids
  if (id !== undefined) return id
  throw new SubletError('unavailable', 'Lambda took the launch but named no machine.')
}

async function refuseIfDearer(
  api: HttpApi,
  { offer, maxMicrosPerHour }: LaunchRequest,
  signal: AbortSignal,
): Promise<void> {
  const { data } = await api.call(typesSchema, { method: 'GET', path: '/instance-types' }, signal)
  const type = data[offer.machineType]?.instance_type
  if (type === undefined) {
    throw new SubletError('no-capacity', `Lambda has no ${offer.machineType} any more.`)
  }
  if (microsPerHour(type) > maxMicrosPerHour) {
    throw new SubletError(
      'price-moved',
      `Lambda's price of ${offer.machineType} has risen above the limit since it was read.`,
    )
  }
}

/** A launch names its key. One that is there already came with an earlier call. */
async function addKey(
  api: HttpApi,
  name: string,
  publicKey: string,
  signal: AbortSignal,
): Promise<void> {
  const { data } = await api.call(keysSchema, { method: 'GET', path: '/ssh-keys' }, signal)
  if (data.some((key) => key.name === name)) return
  const body = { name, public_key: publicKey }
  await api.call(z.unknown(), { method: 'POST', path: '/ssh-keys', body }, signal)
}
