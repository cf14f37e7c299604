import type { Capabilities, Provider, ProviderAbout } from '../provider.ts'
import { LaunchOnce } from '../launch-once.ts'
import { vastApi } from './api.ts'
import { VastPaces } from './pace.ts'
import { realPlace, type VastPlace } from './place.ts'
import { visibleWithinMs } from './release.ts'
import { VastSession } from './session.ts'

// Facts: docs.vast.ai and the official API description of 2026-08-07, read 2026-11.
const about: ProviderAbout = {
  id: 'vast',
  name: 'Vast.ai',
  credentialFields: [
    {
      name: 'apiKey',
      label: 'API key',
      secret: true,
      help: 'Made at cloud.vast.ai under Keys. A limited key does: it needs misc, user_read, instance_read, instance_write and billing_read. It goes to Vast.ai alone, never to a machine.',
      pattern: '[A-Za-z0-9_-]{20,200}',
      placeholder: '64 letters and digits',
      environmentVariable: 'VAST_API_KEY',
      link: 'https://cloud.vast.ai/manage-keys/',
    },
  ],
  consoleLink: 'https://cloud.vast.ai/instances/',
  simulated: false,
}

const capabilities: Capabilities = {
  spot: true,
  userData: true,
  tags: true,
  image: true,
  launchKey: 'lookup',
  visibleWithinMs,
  selfTermination: true,
  expiry:
    'Vast.ai ends no machine at a time of ours; when a host takes its machine back, it is only stopped and its disk is billed on.',
  hostKey: 'first-use',
  shared: false,
  releaseBillable: true,
  usage: true,
}

/** Machines of Vast.ai's hosts, on demand and interruptible. */
export function vastProvider(place: VastPlace = realPlace): Provider {
  const paces = new VastPaces()
  const once = new LaunchOnce()
  return {
    about,
    capabilities,
    connect: (account, context) => {
      const api = vastApi(account, context, place, paces.of(account.id, context.clock))
      return new VastSession({ api, account, context, place, once })
    },
  }
}
