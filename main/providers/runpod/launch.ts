import { z } from 'zod'
import { SubletError } from '../../domain/errors.ts'
import { microsOfUsd } from '../../domain/usd.ts'
import type { HttpApi } from '../http/http-api.ts'
import type { LaunchRequest } from '../provider.ts'
import { imageFor } from './images.ts'
import { isGone } from './instance.ts'
import { readMachineType, type MachineType } from './machine-type.ts'
import { microsPerHour } from './offers.ts'
import { podStart } from './start.ts'
import { podsSchema, wireGpuSchema, wirePodSchema, type WirePod } from './wire.ts'

/** The pod that carries the rental's name and is not gone; null where there is none yet. */
export async function podNamed(
  api: HttpApi,
  rentalId: string,
  signal: AbortSignal,
): Promise<WirePod | null> {
  const { pods } = await api.call(podsSchema, { method: 'GET', path: '/v2/pods' }, signal)
  return pods.find((pod) => pod.name === rentalId && !isGone(pod)) ?? null
}

/** Asks for a new pod. The price is asked first: `POST /v2/pods` takes no limit. */
export async function launchPod(
  api: HttpApi,
  request: LaunchRequest,
  homeId: string,
  signal: AbortSignal,
): Promise<WirePod> {
  const machine = readMachineType(request.offer.machineType)
  if (machine === null) {
    throw new SubletError('invalid', `RunPod has no machine type ${request.offer.machineType}.`)
  }
  await refuseIfDearer(api, request, machine, signal)
  const body = bodyOf(request, machine, homeId)
  return await api.call(wirePodSchema, { method: 'POST', path: '/v2/pods', body }, signal)
}

function bodyOf(request: LaunchRequest, machine: MachineType, homeId: string) {
  const { rentalId, offer, diskGiB } = request
  const { image, minCudaVersion } = imageFor(request)
  return {
    name: rentalId,
    image,
    cloud: machine.cloud.toUpperCase(),
    gpu: {
      id: machine.gpuId,
      count: machine.count,
      ...(minCudaVersion !== undefined && { minCudaVersion }),
    },
    // Else it is left to RunPod.
    ...(offer.region !== machine.cloud && { dataCenterIds: [offer.region] }),
    // No volume: it would be billed on while the pod is stopped. GB may be 10^9 bytes.
    disk: Math.ceil((diskGiB * 2 ** 30) / 1e9),
    ports: ['22/tcp'],
    ...podStart(request, homeId),
  }
}

async function refuseIfDearer(
  api: HttpApi,
  { offer, maxMicrosPerHour }: LaunchRequest,
  machine: MachineType,
  signal: AbortSignal,
): Promise<void> {
  const path = `/v2/catalog/gpus/${encodeURIComponent(machine.gpuId)}`
  try {
    const type = await api.call(wireGpuSchema, { method: 'GET', path }, signal)
    if (microsPerHour(type, machine) <= maxMicrosPerHour) return
  } catch (thrown) {
    if (!(thrown instanceof SubletError) || thrown.code !== 'not-found') throw thrown
    throw new SubletError('no-capacity', `RunPod has no ${machine.gpuId} any more.`)
  }
  throw dearer(offer.machineType)
}

/**
 * What the pod itself says may be another price than the catalogue's, of discounts or of its disk.
 * Only without doubt that it is ended this counts as refused.
 */
export async function giveBackIfDearer(
  api: HttpApi,
  { offer, diskGiB, maxMicrosPerHour }: LaunchRequest,
  pod: WirePod,
  signal: AbortSignal,
): Promise<void> {
  const disk = Math.ceil(offer.billing.diskMicrosPerGibHour * diskGiB)
  if (microsOfUsd(pod.cost) <= maxMicrosPerHour + disk) return
  const path = `/v2/pods/${encodeURIComponent(pod.id)}`
  try {
    await api.call(z.unknown(), { method: 'DELETE', path }, signal)
  } catch (cause) {
    throw new SubletError(
      'unavailable',
      `RunPod rented a pod above the limit, and it is not certain that it is ended. Sublet asks again.`,
      { cause },
    )
  }
  throw dearer(offer.machineType)
}

function dearer(machineType: string): SubletError {
  return new SubletError(
    'price-moved',
    `RunPod's price of ${machineType} has risen above the limit since it was read.`,
  )
}
