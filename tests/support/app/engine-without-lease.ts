import { contract, contractVersion } from '../../../preload/contract/contract.ts'
import { runEngine } from '../../../main/engine/host.ts'
import { createServices } from '../../../main/engine/services.ts'
import { subletVersion } from '../../../main/engine/version.ts'
import { sandboxProvider } from '../../../main/providers/sandbox/provider.ts'

const sandbox = sandboxProvider()

// The real engine on a sandbox whose machines end only by this computer; on SUBLET_HOME's socket.
process.exitCode = await runEngine({
  contract,
  contractVersion,
  version: subletVersion(),
  environment: process.env,
  createServices: (deps) =>
    createServices(deps, [
      {
        ...sandbox,
        capabilities: {
          ...sandbox.capabilities,
          expiry: 'This cloud has no expiry of its own.',
          selfTermination: 'Its machines have no command that ends them.',
        },
      },
    ]),
})
process.exit()
