import type { AwsApi } from './api.ts'
import { regionsSchema } from './wire.ts'

/** The regions that are switched on for the account, in the order of their names. */
export async function enabledRegions(
  api: AwsApi,
  home: string,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const { Regions: regions } = await api.read(
    regionsSchema,
    home,
    (ec2, how) => ec2.describeRegions({ AllRegions: false }, how),
    signal,
  )
  return regions.map(({ RegionName: name }) => name).sort()
}
