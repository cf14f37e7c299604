import { SubletError } from '../../domain/errors.ts'
import type { HttpApi } from '../http/http-api.ts'
import type { LaunchRequest } from '../provider.ts'
import { microsPerHour, saidMicrosPerHour } from './instance.ts'
import { machines } from './list.ts'
import { diskFor } from './price-list.ts'
import type { Rates } from './rates.ts'
import { endMachine } from './release.ts'
import { addStartScript } from './start-script.ts'
import { templatesByType } from './templates.ts'
import { availabilitySchema, launchedSchema, type WireMachine } from './wire.ts'

/** SkyPilot turns it on for these (2026). */
const withNvlink = new Set(['H100x8', 'A100-80Gx8'])

/** The machine that carries the rental's name; null where there is none yet. */
export async function machineNamed(
  api: HttpApi,
  rentalId: string,
  signal: AbortSignal,
): Promise<WireMachine | null> {
  for await (const machine of machines(api, signal)) {
    if (machine.name === rentalId) return machine
  }
  return null
}

/** Whether a type is to be had in a region right now. */
export async function isAvailable(
  api: HttpApi,
  machineType: string,
  region: string,
  signal: AbortSignal,
): Promise<boolean> {
  const query = { machineType, region }
  const call = { method: 'GET', path: '/machine-availability', query } as const
  return (await api.call(availabilitySchema, call, signal)).available
}

/**
 * The price list may be behind: what the machine itself says counts. Only one that is surely ended
 * counts as refused.
 */
export async function giveBackIfDearer(
  api: HttpApi,
  { maxMicrosPerHour }: LaunchRequest,
  machine: WireMachine,
  signal: AbortSignal,
): Promise<void> {
  const { id: nativeId, state, machineType } = machine
  if ((microsPerHour(machine) ?? 0) <= maxMicrosPerHour) return
  const row = { kind: 'machine', nativeId, state } as const
  const { answered } = await endMachine(api, row, signal)
  if (answered !== 'deleted') {
    throw new SubletError(
      'unavailable',
      'Paperspace rented a machine above the limit, and has not deleted it yet. Sublet asks again.',
      { nativeCode: answered },
    )
  }
  throw new SubletError('price-moved', `Paperspace's ${machineType} costs more than the limit.`)
}

/** Asks for a new machine. */
export async function launchMachine(
  api: HttpApi,
  request: LaunchRequest,
  rates: Rates,
  now: () => number,
  signal: AbortSignal,
): Promise<WireMachine> {
  const { offer, rentalId, maxMicrosPerHour, diskGiB } = request
  const { machineType, region } = offer
  if ((rates.of(machineType)?.microsPerHour ?? 0) > maxMicrosPerHour) {
    throw new SubletError(
      'price-moved',
      `Paperspace's price of ${machineType} is above the limit, as far as Sublet knows it.`,
    )
  }
  const template = (await templatesByType(api, signal)).get(machineType)
  if (template === undefined || !(await isAvailable(api, machineType, region, signal))) {
    throw new SubletError('no-capacity', `Paperspace has no ${machineType} in ${region} now.`)
  }
  const startupScriptId = await addStartScript(api, request, signal)
  const body = {
    name: rentalId,
    machineType,
    templateId: template.id,
    diskSize: diskFor(diskGiB).sizeGb,
    region,
    // A static one stays, and is billed, until somebody releases it.
    publicIpType: 'dynamic',
    startOnCreate: true,
    emailPassword: false,
    startupScriptId,
    // Switched off it is billed on, so that this would only stop a job that looks idle.
    autoShutdownEnabled: false,
    autoSnapshotEnabled: false,
    takeInitialSnapshot: false,
    ...(withNvlink.has(machineType) ? { enableNvlink: true } : {}),
  }
  const call = { method: 'POST', path: '/machines', body } as const
  const machine = (await api.call(launchedSchema, call, signal)).data
  const said = saidMicrosPerHour(machine)
  if (said !== null) rates.learn(machineType, said, now())
  return machine
}
