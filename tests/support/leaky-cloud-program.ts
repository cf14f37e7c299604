import { contract, contractVersion } from '../../preload/contract/contract.ts'
import { runEngine } from '../../main/engine/host.ts'
import { createServices } from '../../main/engine/services.ts'
import { subletVersion } from '../../main/engine/version.ts'
import { leakyCloud } from './leaky-cloud.ts'

// The real engine with a cloud that repeats keys wherever it can; on the socket of SUBLET_HOME.
process.exitCode = await runEngine({
  contract,
  contractVersion,
  version: subletVersion(),
  environment: process.env,
  createServices: (deps) => createServices(deps, [leakyCloud()]),
})
process.exit()
