import type { Capabilities, Provider, ProviderAbout } from '../provider.ts'
import { Pacers } from '../http/pacer.ts'
import { LaunchOnce } from '../launch-once.ts'
import { AwsApi } from './api.ts'
import { sdkClients, type MakeClients } from './clients.ts'
import { credentialFields } from './credentials.ts'
import { AddressFollower } from './follow-address.ts'
import { LaunchNotes } from './launch-notes.ts'
import { realPlace, type AwsPlace } from './place.ts'
import { leastPolicy } from './policy.ts'
import { PriceList } from './price-list.ts'
import { QuotaBook } from './quotas.ts'
import { visibleWithinMs } from './release.ts'
import { AwsSession } from './session.ts'

// Facts: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ and the API reference, read 2026-11.
const about: ProviderAbout = {
  id: 'aws',
  name: 'AWS EC2',
  credentialFields,
  environmentVariables: ['AWS_ENDPOINT_URL', 'AWS_CONFIG_FILE', 'AWS_SHARED_CREDENTIALS_FILE'],
  leastPolicy,
  consoleLink: 'https://console.aws.amazon.com/ec2/home#Instances:',
  simulated: false,
}

const capabilities: Capabilities = {
  spot: true,
  userData: true,
  tags: true,
  image:
    'EC2 starts whole machines from Amazon’s Deep Learning image; a container image runs in them with Docker.',
  launchKey: 'token',
  visibleWithinMs,
  selfTermination: true,
  expiry: 'EC2 ends no machine by itself at a given time.',
  hostKey: 'injected',
  shared: false,
  releaseBillable: true,
  usage:
    'Amazon’s cost reports come a day late, need a tag switched on by hand, and cost $0.01 a question, so Sublet does not ask.',
}

/** EC2's machines with GPUs, on demand and spot. */
export function awsProvider(
  place: AwsPlace = realPlace,
  makeClients: MakeClients = sdkClients,
): Provider {
  // Buckets of the EC2 API by account and region: reads 100 and 20 a second, RunInstances 5 and 2 a
  // second (EC2 developer guide, "Request throttling", 2026). Other services say less: 10 a second.
  const pace = {
    reads: new Pacers({ everyMs: 50, burst: 50 }),
    changes: new Pacers({ everyMs: 500, burst: 5 }),
    others: new Pacers({ everyMs: 100, burst: 10 }),
  }
  const once = new LaunchOnce()
  const quotas = new QuotaBook()
  const follower = new AddressFollower()
  return {
    about,
    capabilities,
    connect: (account, context) => {
      const api = new AwsApi(makeClients(account, context, place), account, context, pace)
      const prices = new PriceList(context)
      const notes = new LaunchNotes(context.stateDir)
      const own = { api, account, context, place }
      return new AwsSession({ ...own, prices, quotas, once, notes, follower })
    },
  }
}
