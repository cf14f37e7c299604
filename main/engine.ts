import { contract, contractVersion } from '../preload/contract/contract.ts'
import { toSubletError } from './domain/errors.ts'
import { runEngine } from './engine/host.ts'
import { createServices } from './engine/services.ts'
import { subletVersion } from './engine/version.ts'

/** The engine process of one home; `engine/connect.ts` starts it for every host. */
try {
  process.exitCode = await runEngine({
    contract,
    contractVersion,
    version: subletVersion(),
    createServices,
    environment: process.env,
  })
} catch (error) {
  process.stderr.write(`${toSubletError(error).message}\n`)
  process.exitCode = 1
}
// Timers and sockets of work that was let go must not keep the process.
process.exit()
