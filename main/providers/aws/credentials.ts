import { defaultProvider } from '@aws-sdk/credential-provider-node'
import { SubletError } from '../../domain/errors.ts'
import type { Account, CredentialField, ProviderContext } from '../provider.ts'

/** Either keys or the name of a profile. */
export const credentialFields: readonly CredentialField[] = [
  {
    name: 'accessKeyId',
    label: 'Access key',
    secret: false,
    optional: true,
    help: 'Of an IAM user with the policy that "sublet accounts add aws --policy" prints. Leave it empty to use a profile.',
    pattern: '[A-Z0-9]{16,128}',
    placeholder: 'AKIA…',
    environmentVariable: 'AWS_ACCESS_KEY_ID',
    link: 'https://console.aws.amazon.com/iam/home#/users',
  },
  {
    name: 'secretAccessKey',
    label: 'Secret access key',
    secret: true,
    optional: true,
    help: 'Shown once, when the access key is made.',
    pattern: '[A-Za-z0-9/+=]{16,128}',
    environmentVariable: 'AWS_SECRET_ACCESS_KEY',
  },
  {
    name: 'sessionToken',
    label: 'Session token',
    secret: true,
    optional: true,
    help: 'Only for keys that begin with ASIA. When they expire, Sublet can no longer end machines.',
    environmentVariable: 'AWS_SESSION_TOKEN',
  },
  {
    name: 'profile',
    label: 'Profile',
    secret: false,
    optional: true,
    help: 'A profile of ~/.aws instead of keys, such as default.',
    pattern: '[^\\s\\[\\]]{1,128}',
    environmentVariable: 'AWS_PROFILE',
  },
  {
    name: 'region',
    label: 'Home region',
    secret: false,
    optional: true,
    help: 'Where to ask first; every region of the account is used. Empty: us-east-1.',
    pattern: '[a-z]{2,4}(-[a-z]+)+-\\d',
    placeholder: 'us-east-1',
    environmentVariable: 'AWS_REGION',
  },
]

/** The region that is asked what concerns the whole account. */
export const homeRegion = ({ credentials }: Pick<Account, 'credentials'>): string =>
  credentials['region'] || 'us-east-1'

/** How requests are signed: keys of the account, or whatever its profile leads to. */
export function signedBy(
  { credentials }: Pick<Account, 'credentials'>,
  { environment }: Pick<ProviderContext, 'environment'>,
) {
  const { accessKeyId, secretAccessKey, sessionToken, profile } = credentials
  if (accessKeyId && secretAccessKey) {
    return { accessKeyId, secretAccessKey, ...(sessionToken ? { sessionToken } : {}) }
  }
  if (profile) {
    const filepath = environment['AWS_SHARED_CREDENTIALS_FILE']
    const configFilepath = environment['AWS_CONFIG_FILE']
    // A named profile keeps the chain away from the variables of this process.
    return defaultProvider({
      profile,
      ...(filepath ? { filepath } : {}),
      ...(configFilepath ? { configFilepath } : {}),
    })
  }
  throw new SubletError(
    'auth',
    'This AWS account has neither an access key with its secret nor a profile: give one of them.',
  )
}
