import { z } from 'zod'
import { SubletError } from '../../domain/errors.ts'
import type { HttpApi } from '../http/http-api.ts'
import type { LaunchRequest, ProviderContext } from '../provider.ts'
import { filtersFor, searchAsks } from './asks.ts'
import { labelOf } from './instance.ts'
import { onstartFor } from './onstart.ts'
import { bidFor, dollars, gbFor, gibIn, inDollars } from './units.ts'
import { createdSchema, instancesSchema, type WireAsk, type WireInstance } from './wire.ts'

/** With CUDA, Python and curl; the tag is chosen for the host's driver (default of "create instance"). */
const usualImage = 'vastai/base-image:@vastai-automatic-tag'

/** The machine that carries the rental's label; null where there is none yet. */
export async function machineNamed(
  api: HttpApi,
  label: string,
  signal: AbortSignal,
): Promise<WireInstance | null> {
  const query = { limit: 25, select_filters: JSON.stringify({ label: { eq: label } }) }
  const call = { method: 'GET', path: '/api/v1/instances/', query } as const
  const { instances } = await api.call(instancesSchema, call, signal)
  return instances.find((one) => one.label === label) ?? null
}

/** A machine that was just made, and what its GPUs cost. */
export interface Launched {
  readonly instanceId: string
  readonly microsPerHour: number
}

/**
 * Takes an ask of the offer's machine. Asks are short-lived and may be
 * taken by somebody else meanwhile, so they are looked for anew, with their price.
 */
export async function launchMachine(
  api: HttpApi,
  request: LaunchRequest,
  { homeId, log }: Pick<ProviderContext, 'homeId' | 'log'>,
  signal: AbortSignal,
): Promise<Launched> {
  const { offer, environment, diskGiB } = request
  const onstart = onstartFor(request.publicKey, request.userData)
  const { ask, price } = await askFor(api, request, signal)
  const body = {
    client_id: 'me',
    image: environment.kind === 'image' ? environment.image : usualImage,
    disk: gbFor(diskGiB),
    label: labelOf(request.rentalId, homeId),
    runtype: 'ssh_direct',
    target_state: 'running',
    // Else a machine that cannot start now is made all the same, and waits with its disk billed.
    cancel_unavail: true,
    onstart,
    ...(offer.spot ? { price: inDollars(price) } : {}),
  }
  const path = `/api/v0/asks/${ask.id}/`
  try {
    const { new_contract: id } = await api.call(
      createdSchema,
      { method: 'PUT', path, body },
      signal,
    )
    return { instanceId: String(id), microsPerHour: price }
  } catch (thrown) {
    await destroyRefused(api, thrown, log)
    throw thrown
  }
}

/** The cheapest ask of the machine that fits the request. */
async function askFor(
  api: HttpApi,
  { offer, diskGiB, endBy, maxMicrosPerHour }: LaunchRequest,
  signal: AbortSignal,
): Promise<{ readonly ask: WireAsk; readonly price: number }> {
  const { machineType, arch, spot, microsPerHour } = offer
  const asks = await searchAsks(api, filtersFor({ machineType, arch }), diskGiB, signal)
  const priced = asks.flatMap((ask) => {
    const price = spot ? bidFor(ask) : dollars(ask.dph_base)
    return price === null ? [] : [{ ask, price }]
  })
  const found = priced.toSorted((a, b) => a.price - b.price)[0]
  if (found === undefined) {
    throw new SubletError('no-capacity', `Nobody offers ${machineType} at Vast.ai any more.`)
  }
  const { ask } = found
  if (found.price > maxMicrosPerHour) {
    throw new SubletError(
      'price-moved',
      `Vast.ai's price of ${machineType} has risen above the limit since it was read.`,
    )
  }
  if (gibIn(ask.disk_space) < diskGiB) {
    throw new SubletError(
      'no-capacity',
      `${machineType} has less than ${diskGiB} GiB of disk left: choose another offer.`,
    )
  }
  if (ask.end_date != null && ask.end_date * 1_000 < endBy) {
    throw new SubletError(
      'no-capacity',
      `The host of ${machineType} takes it back before the rental would end: choose another offer.`,
    )
  }
  // The bid that was shown, or more where the least bid has risen within the limit.
  return spot ? { ask, price: Math.max(found.price, microsPerHour) } : found
}

const madeSchema = z.object({ newContract: z.int() })

/**
 * A refusal can leave a stopped machine behind, whose disk is billed (a bid that is too low; dstack's
 * backend for Vast.ai, 2026-08). What has to be ended is ended whatever the caller does meanwhile.
 */
async function destroyRefused(
  api: HttpApi,
  thrown: unknown,
  log: ProviderContext['log'],
): Promise<void> {
  const details = thrown instanceof SubletError ? thrown.extras.details : undefined
  const { data: made } = madeSchema.safeParse(details)
  if (made === undefined) return
  const path = `/api/v0/instances/${made.newContract}/`
  try {
    await api.call(z.unknown(), { method: 'DELETE', path }, AbortSignal.timeout(30_000))
  } catch (failed) {
    // Unknown is looked up by its label, found, and released.
    throw new SubletError('unavailable', 'Vast.ai refused the launch but left a machine behind.', {
      cause: failed,
    })
  }
  log('A machine that Vast.ai made in spite of its refusal was destroyed', { instance: path })
}

/**
 * Lets the rental's key in. The machine's first start does the same, so that a failure here costs
 * nothing but is said.
 */
export async function attachKey(
  api: HttpApi,
  instanceId: string,
  publicKey: string,
  log: ProviderContext['log'],
  signal: AbortSignal,
): Promise<void> {
  const path = `/api/v0/instances/${encodeURIComponent(instanceId)}/ssh/`
  try {
    await api.call(z.unknown(), { method: 'POST', path, body: { ssh_key: publicKey } }, signal)
  } catch (thrown) {
    if (!(thrown instanceof SubletError) || thrown.code === 'cancelled') throw thrown
    log('The key could not be attached to the machine; its first start lets it in', {
      instance: instanceId,
      code: thrown.code,
    })
  }
}
