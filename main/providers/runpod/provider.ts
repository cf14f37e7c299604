import type { Capabilities, Provider, ProviderAbout } from '../provider.ts'
import { Pacers } from '../http/pacer.ts'
import { LaunchOnce } from '../launch-once.ts'
import { runpodApi } from './api.ts'
import { realPlace, type RunpodPlace } from './place.ts'
import { visibleWithinMs } from './release.ts'
import { RunpodSession } from './session.ts'

// Facts: https://docs.runpod.io and the official description of REST API v2, 2.0.0 of 2026-08, read 2026-11.
const about: ProviderAbout = {
  id: 'runpod',
  name: 'RunPod',
  credentialFields: [
    {
      name: 'apiKey',
      label: 'API key',
      secret: true,
      help: 'Made at console.runpod.io under Settings, API Keys; it has to read and write. It goes to RunPod alone, never to a machine.',
      pattern: '[A-Za-z0-9_.-]{20,200}',
      placeholder: 'rpa_…',
      environmentVariable: 'RUNPOD_API_KEY',
      link: 'https://console.runpod.io/user/settings',
    },
  ],
  consoleLink: 'https://console.runpod.io/pods',
  simulated: false,
}

const capabilities: Capabilities = {
  // Gone from the documentation since May 2026, and never in API v2.
  spot: 'RunPod rents no interruptible pods through its current API.',
  userData: true,
  tags: true,
  image: true,
  launchKey: 'lookup',
  visibleWithinMs,
  selfTermination: true,
  expiry: 'RunPod’s current API ends no pod at a given time.',
  hostKey: 'injected',
  shared: false,
  releaseBillable: true,
  usage: true,
}

/** RunPod's pods, in its secure and its community cloud. */
export function runpodProvider(place: RunpodPlace = realPlace): Provider {
  // 60 a minute, 3,000 an hour and 50,000 a day (`RateLimit-Policy` in the API description).
  const requests = new Pacers({ everyMs: 1_800, burst: 25 })
  const once = new LaunchOnce()
  return {
    about,
    capabilities,
    connect: (account, context) => {
      const pacer = requests.of(account.id, context.clock)
      const api = runpodApi(account, context, place, pacer)
      return new RunpodSession({ api, account, context, place, once })
    },
  }
}
