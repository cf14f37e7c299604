import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { signedBy } from '../../../main/providers/aws/credentials.ts'
import { awsError } from '../../../main/providers/aws/errors.ts'
import { leastPolicy } from '../../../main/providers/aws/policy.ts'
import { awsRig } from '../../support/clouds/aws-rig.ts'
import { collect } from '../../support/collect.ts'

const forever = new AbortController().signal

const meanings = {
  AuthFailure: 'auth',
  InvalidClientTokenId: 'auth',
  UnrecognizedClientException: 'auth',
  ExpiredTokenException: 'auth',
  UnauthorizedOperation: 'permission',
  AccessDeniedException: 'permission',
  OptInRequired: 'permission',
  VcpuLimitExceeded: 'quota',
  MaxSpotInstanceCountExceeded: 'quota',
  SomethingNewLimitExceeded: 'quota',
  InsufficientInstanceCapacity: 'no-capacity',
  Unsupported: 'no-capacity',
  SpotMaxPriceTooLow: 'price-moved',
  RequestLimitExceeded: 'rate-limited',
  ThrottlingException: 'rate-limited',
  'InvalidInstanceID.NotFound': 'not-found',
  ParameterNotFound: 'not-found',
  NoSuchResourceException: 'not-found',
  DependencyViolation: 'conflict',
  InvalidParameterValue: 'invalid',
  InternalError: 'unavailable',
} as const

it.for(Object.entries(meanings))('takes %s for %s', ([name, code]) => {
  const $metadata = { httpStatusCode: 400 }
  const thrown = Object.assign(new Error('It says so'), { name, $fault: 'client', $metadata })
  const error = awsError(thrown, { region: 'us-east-1', signal: forever, now: 0 })
  expect(error).toMatchObject({ code, extras: { nativeCode: name } })
  expect(error.message).toMatch(/\.$/)
})

it('keeps an administrator’s secret message out of the sentence', () => {
  const words = 'You are not authorized. Encoded authorization failure message: aGVsbG8'
  const thrown = Object.assign(new Error(words), {
    name: 'UnauthorizedOperation',
    $fault: 'client',
  })
  const { message } = awsError(thrown, { region: 'us-east-1', signal: forever, now: 0 })
  expect(message).toContain('You are not authorized.')
  expect(message).not.toContain('aGVsbG8')
})

it('signs by a profile of the user’s own files, and says when there is nothing to sign by', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sublet-aws-profile-'))
  const file = join(folder, 'credentials')
  writeFileSync(
    file,
    '[default]\naws_access_key_id=AKIADEFAULT\naws_secret_access_key=a\n[work]\naws_access_key_id=AKIAWORK\naws_secret_access_key=b\n',
  )
  const environment = {
    AWS_SHARED_CREDENTIALS_FILE: file,
    AWS_CONFIG_FILE: join(folder, 'config'),
  }
  const signed = signedBy({ credentials: { profile: 'work' } }, { environment })
  if (typeof signed !== 'function') throw new Error('A profile is read when it is needed.')
  expect(await signed()).toMatchObject({ accessKeyId: 'AKIAWORK', secretAccessKey: 'b' })
  const unknown = signedBy({ credentials: { profile: 'gone' } }, { environment })
  const failed =
    typeof unknown === 'function' ? await unknown().catch((thrown: unknown) => thrown) : null
  expect(awsError(failed, { region: 'us-east-1', signal: forever, now: 0 })).toMatchObject({
    code: 'auth',
    message: expect.stringContaining('profile'),
  })
  expect(() => signedBy({ credentials: { accessKeyId: 'AKIAONLY' } }, { environment: {} })).toThrow(
    'neither an access key with its secret nor a profile',
  )
  rmSync(folder, { recursive: true })
})

it('needs no right to end what does not carry its tag', () => {
  const { Statement: statements } = JSON.parse(leastPolicy) as {
    readonly Statement: readonly {
      readonly Action: string | readonly string[]
      readonly Condition?: unknown
    }[]
  }
  const ends = /Terminate|Delete|Release|Cancel|Authorize/
  for (const { Action, Condition } of statements) {
    if (![Action].flat().some((action) => ends.test(action))) continue
    expect(Condition).toEqual({ StringLike: { 'aws:ResourceTag/sublet-rental': 'sublet-*' } })
  }
})

it('names the missing permissions in its check', async () => {
  const rig = await awsRig()
  rig.world.denied.add('RunInstances').add('DescribeVolumes')
  expect(await rig.session.check(forever)).toMatchObject({
    ok: false,
    code: 'permission',
    message: expect.stringContaining('ec2:DescribeVolumes, ec2:RunInstances'),
  })
  await rig.close()
})

it('lists nothing rather than a part, where a region does not answer', async () => {
  const rig = await awsRig()
  rig.world.deadRegions.add('eu-central-1')
  await expect(collect(rig.session.list(forever))).rejects.toMatchObject({ code: 'unavailable' })
  await rig.close()
})
