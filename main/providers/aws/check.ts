import type { EC2 } from '@aws-sdk/client-ec2'
import type { AccountStatus } from '../provider.ts'
import type { How } from './api.ts'
import { homeRegion } from './credentials.ts'
import { isCode, isNative } from './errors.ts'
import { callerIdentity } from './identity.ts'
import { newestImage } from './image.ts'
import { homeTag, rentalTag } from './instance.ts'
import type { AwsParts } from './parts.ts'
import { anything } from './wire.ts'

/** Whose keys these are, and which permissions they lack. */
export async function checkAccount(parts: AwsParts, signal: AbortSignal): Promise<AccountStatus> {
  const { account } = parts
  const region = homeRegion(account)
  try {
    const { Account: number, Arn: arn } = await callerIdentity(parts, signal)
    const identity = `AWS account ${number} (${arn.replace(/^arn:[^:]*:[^:]*:[^:]*:[^:]*:/, '')})`
    const missing = await missingPermissions(parts, region, signal)
    if (missing.length === 0) {
      const message = 'The keys work. AWS tells no balance: it bills each month.'
      return { ok: true, identity, message, balanceMicros: null }
    }
    const message = `The keys work, but may not ${missing.join(', ')}: give the user the policy that "sublet accounts add aws --policy" prints.`
    return { ok: false, identity, message, balanceMicros: null, code: 'permission' }
  } catch (thrown) {
    if (!isCode(thrown, 'auth', 'permission')) throw thrown
    const { code, message } = thrown
    const identity = `AWS account of ${account.name}`
    return { ok: false, identity, message, balanceMicros: null, code }
  }
}

type Question = (ec2: EC2, how: How) => Promise<unknown>

const questions: Readonly<Record<string, Question>> = {
  'ec2:DescribeInstances': (ec2, how) => ec2.describeInstances({ DryRun: true }, how),
  'ec2:DescribeVolumes': (ec2, how) => ec2.describeVolumes({ DryRun: true }, how),
  'ec2:DescribeAddresses': (ec2, how) => ec2.describeAddresses({ DryRun: true }, how),
  'ec2:DescribeSpotInstanceRequests': (ec2, how) =>
    ec2.describeSpotInstanceRequests({ DryRun: true }, how),
  'ec2:DescribeSubnets': (ec2, how) => ec2.describeSubnets({ DryRun: true }, how),
  'ec2:CreateSecurityGroup': (ec2, how) =>
    ec2.createSecurityGroup(
      {
        DryRun: true,
        GroupName: 'sublet-check',
        Description: 'Never made',
        TagSpecifications: [{ ResourceType: 'security-group', Tags: [...probeTags] }],
      },
      how,
    ),
}

const probeTags = [
  { Key: rentalTag, Value: 'sublet-check' },
  { Key: homeTag, Value: 'check' },
]

/** What may not be done, by EC2's own dry runs: they change nothing. */
async function missingPermissions(
  parts: AwsParts,
  region: string,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const all = { ...questions, 'ec2:RunInstances': await dryLaunch(parts, region, signal) }
  const verdicts = await Promise.all(
    Object.entries(all).map(async ([name, ask]) =>
      (await isDenied(parts, region, ask, signal)) ? [name] : [],
    ),
  )
  return verdicts.flat()
}

async function dryLaunch(
  { api, place }: AwsParts,
  region: string,
  signal: AbortSignal,
): Promise<Question> {
  const image = await newestImage(api, region, place.imageOwner, signal).catch(
    (thrown: unknown) => {
      if (isCode(thrown, 'cancelled', 'auth')) throw thrown
      return null // The launch says it; here it only keeps from asking.
    },
  )
  return async (ec2, how) =>
    image === null
      ? null
      : ec2.runInstances(
          {
            DryRun: true,
            ImageId: image.id,
            InstanceType: 'g4dn.xlarge',
            MinCount: 1,
            MaxCount: 1,
            TagSpecifications: (['instance', 'volume', 'network-interface'] as const).map(
              (ResourceType) => ({ ResourceType, Tags: [...probeTags] }),
            ),
          },
          how,
        )
}

/** Only EC2's own "not authorised" counts: other refusals say nothing about permissions. */
async function isDenied(
  { api }: AwsParts,
  region: string,
  ask: Question,
  signal: AbortSignal,
): Promise<boolean> {
  try {
    await api.read(anything, region, ask, signal)
    return false
  } catch (thrown) {
    if (isNative(thrown, 'DryRunOperation')) return false
    if (isNative(thrown, 'UnauthorizedOperation', 'AccessDenied')) return true
    // Such as an account that Amazon has not verified yet: its own sentence says more.
    if (isCode(thrown, 'permission', 'cancelled', 'auth', 'unavailable', 'rate-limited'))
      throw thrown
    return false
  }
}
