import type { Capabilities, Provider, ProviderAbout } from '../provider.ts'
import { Pacers } from '../http/pacer.ts'
import { LaunchOnce } from '../launch-once.ts'
import { digitalOceanApi } from './api.ts'
import type { CloudPlace } from '../http/place.ts'
import { realPlace } from './place.ts'
import { visibleWithinMs } from './release.ts'
import { DigitalOceanSession } from './session.ts'

// Facts: docs.digitalocean.com, read 2026-05, and github.com/digitalocean/openapi of 2026-08-07.
const about: ProviderAbout = {
  id: 'digitalocean',
  name: 'DigitalOcean',
  credentialFields: [
    {
      name: 'token',
      label: 'Personal access token',
      secret: true,
      help: 'Made under API, Tokens: with full access, or with these scopes: account:read, billing:read, sizes:read, droplet:create, droplet:read, droplet:delete, ssh_key:create, ssh_key:read, ssh_key:delete, tag:create, tag:read, image:read, snapshot:read, block_storage:read and reserved_ip:read. It goes to DigitalOcean alone, never to a machine.',
      pattern: '[A-Za-z0-9_]{40,200}',
      placeholder: 'dop_v1_…',
      environmentVariable: 'DIGITALOCEAN_TOKEN',
      link: 'https://cloud.digitalocean.com/account/api/tokens',
    },
  ],
  consoleLink: 'https://cloud.digitalocean.com/droplets',
  simulated: false,
}

const capabilities: Capabilities = {
  spot: 'DigitalOcean has no spot machines.',
  userData: true,
  tags: true,
  image:
    'DigitalOcean starts whole machines with its own image (AI/ML Ready), not container images.',
  launchKey: 'lookup',
  visibleWithinMs,
  selfTermination:
    'DigitalOcean has no token that could only end one droplet: one that may delete droplets may delete all, and never goes to a machine. Switching a droplet off does not end its bill.',
  expiry: 'DigitalOcean ends no droplet by itself.',
  hostKey: 'injected',
  shared: false,
  releaseBillable: true,
  usage: true,
}

/** DigitalOcean's GPU droplets. */
export function digitalOceanProvider(place: CloudPlace = realPlace): Provider {
  // "5,000 requests per hour" and "250 requests per minute" (introduction of the API description).
  const requests = new Pacers({ everyMs: 750, burst: 100 })
  // "Only 10 GET requests to the /v2/account/keys endpoint to list SSH keys … per 60 seconds."
  const keyLists = new Pacers({ everyMs: 7_500, burst: 2 })
  const once = new LaunchOnce()
  return {
    about,
    capabilities,
    connect: (account, context) => {
      const api = digitalOceanApi(account, context, place, requests.of(account.id, context.clock))
      const keyListPacer = keyLists.of(account.id, context.clock)
      return new DigitalOceanSession({ api, account, context, place, keyListPacer, once })
    },
  }
}
