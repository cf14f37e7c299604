import { contract, contractVersion } from '../../preload/contract/contract.ts'
import { runEngine } from '../../main/engine/host.ts'
import { createServices } from '../../main/engine/services.ts'
import { subletVersion } from '../../main/engine/version.ts'
import { sandboxProvider } from '../../main/providers/sandbox/provider.ts'
import type { ProviderSession } from '../../main/providers/provider.ts'

const sandbox = sandboxProvider()

/** All but the way to end a machine from within, which the capabilities still promise. */
function withoutHook(session: ProviderSession): ProviderSession {
  return new Proxy(session, {
    get: (target, name) => {
      if (name === 'selfTerminateCommand') return undefined
      const value: unknown = Reflect.get(target, name)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}

// The real engine on a sandbox that promises more than its machines can; on SUBLET_HOME's socket.
process.exitCode = await runEngine({
  contract,
  contractVersion,
  version: subletVersion(),
  environment: process.env,
  createServices: (deps) =>
    createServices(deps, [
      {
        ...sandbox,
        connect: (account, context) => withoutHook(sandbox.connect(account, context)),
      },
    ]),
})
process.exit()
