import type { Capabilities, Provider, ProviderAbout } from '../provider.ts'
import { Pacers } from '../http/pacer.ts'
import { LaunchOnce } from '../launch-once.ts'
import { lambdaApi } from './api.ts'
import type { CloudPlace } from '../http/place.ts'
import { realPlace } from './place.ts'
import { LambdaSession } from './session.ts'
import { visibleWithinMs } from './release.ts'

// Facts: https://docs.lambda.ai/public-cloud/ and the official API description 1.10.0, read 2026-11.
const about: ProviderAbout = {
  id: 'lambda',
  name: 'Lambda',
  credentialFields: [
    {
      name: 'apiKey',
      label: 'API key',
      secret: true,
      help: 'Made at cloud.lambda.ai under API keys. It may do everything in your workspace; it goes to Lambda alone, never to a machine.',
      pattern: '[A-Za-z0-9_.-]{20,200}',
      placeholder: 'secret_…',
      environmentVariable: 'LAMBDA_API_KEY',
      link: 'https://cloud.lambda.ai/api-keys',
    },
  ],
  consoleLink: 'https://cloud.lambda.ai/instances',
  simulated: false,
}

const capabilities: Capabilities = {
  spot: 'Lambda has no spot machines.',
  userData: true,
  tags: true,
  image:
    'Lambda starts whole machines with its own image (Lambda Stack); a container image runs in them with Docker.',
  launchKey: 'lookup',
  visibleWithinMs,
  selfTermination:
    'Lambda has no key that could only end one machine, and a key for the whole account never goes to a machine; switching it off does not end the bill.',
  expiry: 'Lambda ends no machine by itself.',
  hostKey: 'injected',
  shared: false,
  releaseBillable: true,
  usage: 'Lambda has no API for what was billed.',
}

/** Lambda's on-demand machines. */
export function lambdaProvider(place: CloudPlace = realPlace): Provider {
  // "One request a second", and "one launch every 12 seconds" (introduction of the API description).
  const requests = new Pacers({ everyMs: 1_000, burst: 1 })
  const launches = new Pacers({ everyMs: 12_000, burst: 1 })
  const once = new LaunchOnce()
  return {
    about,
    capabilities,
    connect: (account, context) => {
      const pacer = requests.of(account.id, context.clock)
      const api = lambdaApi(account, context, place, pacer)
      const launchPacer = launches.of(account.id, context.clock)
      return new LambdaSession({ api, account, context, place, launchPacer, once })
    },
  }
}
