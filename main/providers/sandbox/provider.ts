import type { Account, Capabilities, Provider, ProviderAbout } from '../provider.ts'
import { SandboxApi } from './api.ts'
import { defaultSandboxDeps } from './launcher.ts'
import type { SandboxDeps } from './launcher.ts'
import { visibleWithinMs } from './release.ts'
import { SandboxSession } from './session.ts'

const about: ProviderAbout = {
  id: 'sandbox',
  name: 'Sandbox (simulated)',
  credentialFields: [],
  simulated: true,
}

const capabilities: Capabilities = {
  spot: true,
  userData: true,
  tags: true,
  image:
    'Its machines are folders of this computer; an image runs with the Docker of this computer.',
  launchKey: 'token',
  visibleWithinMs,
  selfTermination: true,
  expiry: true,
  hostKey: 'published',
  shared: false,
  releaseBillable: true,
}

/** The one account that the sandbox has; it needs no credentials. */
export const sandboxAccount: Account = {
  id: 'sandbox',
  providerId: about.id,
  name: 'sandbox',
  credentials: {},
  settings: {},
}

/** The built-in practice cloud: nothing is really rented, no money is spent. Starts on demand. */
export function sandboxProvider(deps: SandboxDeps = defaultSandboxDeps()): Provider {
  return {
    about,
    capabilities,
    connect: (account, context) =>
      new SandboxSession(new SandboxApi(context.stateDir, deps), account, context),
  }
}
