import { SubletError } from '../../domain/errors.ts'
import type { AwsApi } from './api.ts'
import { isCode } from './errors.ts'
import { quotaSchema } from './wire.ts'

/**
 * Quotas count the vCPUs of a family that may run at once in a region, on demand and spot apart
 * (the codes are the same in several public repositories, 2026-11). That newer P machines on spot
 * have a code of their own stands in one source only: the larger of both counts then.
 */
const codes = {
  G: { onDemand: ['L-DB2E81BA'], spot: ['L-3819A6DF'] },
  P: { onDemand: ['L-417A185B'], spot: ['L-7212CCBC', 'L-C4BD4855'] },
} as const

/** A raised quota is seen soon enough, and every offer needs it. */
const keptForMs = 3_600_000

export type QuotaFamily = keyof typeof codes

/** `p5.48xlarge` is of family P, `gr6.4xlarge` of family G. */
export const familyOf = (machineType: string): QuotaFamily =>
  machineType.startsWith('p') ? 'P' : 'G'

/**
 * How many vCPUs of a family the account may run at once in a region; null where that cannot be
 * had: the launch itself then says so.
 */
export async function vcpuQuota(
  api: AwsApi,
  region: string,
  { family, spot }: { readonly family: QuotaFamily; readonly spot: boolean },
  signal: AbortSignal,
): Promise<number | null> {
  const asked = codes[family][spot ? 'spot' : 'onDemand'].map((code) =>
    api
      .call(
        quotaSchema,
        region,
        'others',
        api.clients.quotas(region),
        (quotas, how) => quotas.getServiceQuota({ ServiceCode: 'ec2', QuotaCode: code }, how),
        signal,
      )
      .then(
        ({ Quota }) => Quota.Value,
        (thrown: unknown) => {
          if (isCode(thrown, 'cancelled', 'auth')) throw thrown
          return null
        },
      ),
  )
  const values = (await Promise.all(asked)).filter((value) => value !== null)
  return values.length === 0 ? null : Math.max(...values)
}

/** Quotas for the list of offers, kept for an hour. One for all sessions of a provider. */
export class QuotaBook {
  readonly #kept = new Map<string, { readonly at: number; readonly value: number }>()

  /** As `vcpuQuota`; `scope` tells accounts and regions apart. */
  async read(
    scope: string,
    now: number,
    { family, spot }: { readonly family: QuotaFamily; readonly spot: boolean },
    ask: () => Promise<number | null>,
  ): Promise<number | null> {
    const key = `${scope} ${family} ${String(spot)}`
    const kept = this.#kept.get(key)
    if (kept !== undefined && now - kept.at < keptForMs) return kept.value
    const value = await ask()
    if (value !== null) this.#kept.set(key, { at: now, value })
    return value
  }
}

/** Refuses a launch that the account's quota does not allow, with what to do about it. */
export function refuseOverQuota(
  quota: number | null,
  {
    machineType,
    vcpus,
    spot,
  }: { readonly machineType: string; readonly vcpus: number; readonly spot: boolean },
  region: string,
): void {
  if (quota === null || quota >= vcpus) return
  const family = familyOf(machineType)
  const [code] = codes[family][spot ? 'spot' : 'onDemand']
  const how = spot ? 'spot ' : ''
  throw new SubletError(
    'quota',
    `Your account may run ${quota} vCPUs of ${family} ${how}instances in ${region}, and ${machineType} has ${vcpus}: request more at https://${region}.console.aws.amazon.com/servicequotas/home/services/ec2/quotas/${code}, or choose another region.`,
    { nativeCode: code },
  )
}
