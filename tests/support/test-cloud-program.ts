import { contract, contractVersion } from '../../preload/contract/contract.ts'
import { runEngine } from '../../main/engine/host.ts'
import { createServices } from '../../main/engine/services.ts'
import { subletVersion } from '../../main/engine/version.ts'
import { testCloud } from './test-cloud.ts'

// The real engine with one provider more, which has credentials; on the socket of SUBLET_HOME.
process.exitCode = await runEngine({
  contract,
  contractVersion,
  version: subletVersion(),
  environment: process.env,
  createServices: (deps) => createServices(deps, [testCloud()]),
})
process.exit()
