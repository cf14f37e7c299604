import type { Capabilities, Provider, ProviderAbout } from '../provider.ts'
import { Pacers } from '../http/pacer.ts'
import { LaunchOnce } from '../launch-once.ts'
import { paperspaceApi } from './api.ts'
import type { CloudPlace } from '../http/place.ts'
import { realPlace } from './place.ts'
import { Rates } from './rates.ts'
import { visibleWithinMs } from './release.ts'
import { PaperspaceSession } from './session.ts'

// Facts: docs.digitalocean.com/products/paperspace/, read 2025-12, and "Paperspace OpenAPI v1".
const about: ProviderAbout = {
  id: 'paperspace',
  name: 'Paperspace',
  credentialFields: [
    {
      name: 'apiKey',
      label: 'API key',
      secret: true,
      help: 'Made in the settings of your team at console.paperspace.com, under API keys. It may do everything in the team; it goes to Paperspace alone, never to a machine.',
      pattern: '[A-Za-z0-9_-]{20,200}',
      environmentVariable: 'PAPERSPACE_API_KEY',
      link: 'https://docs.digitalocean.com/reference/paperspace/api-keys/',
    },
  ],
  consoleLink: 'https://console.paperspace.com/',
  simulated: false,
}

const capabilities: Capabilities = {
  spot: 'Paperspace has no spot machines.',
  userData: true,
  tags: 'Paperspace has no tags: a machine carries the rental’s id as its name, and not which computer rented it.',
  image:
    'Paperspace starts whole machines with its own template (ML-in-a-Box), not container images.',
  launchKey: 'lookup',
  visibleWithinMs,
  selfTermination:
    'Paperspace has no key that could only end one machine, and a key for the whole team never goes to a machine; switching it off does not end the bill.',
  expiry:
    'Paperspace deletes no machine by itself: it can switch one off that is idle, and goes on billing it.',
  hostKey: 'first-use',
  shared: false,
  releaseBillable: true,
  usage: 'Paperspace has no API for what was billed.',
}

/** Paperspace's machines. */
export function paperspaceProvider(place: CloudPlace = realPlace): Provider {
  // No limit is documented; others see 429 and wait ten seconds (SkyPilot, 2026).
  const requests = new Pacers({ everyMs: 500, burst: 20 })
  const once = new LaunchOnce()
  const rates = new Rates()
  return {
    about,
    capabilities,
    connect: (account, context) => {
      const pacer = requests.of(account.id, context.clock)
      const api = paperspaceApi(account, context, place, pacer)
      return new PaperspaceSession({ api, account, context, place, once, rates })
    },
  }
}
