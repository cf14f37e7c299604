import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { toSubletError } from '../../main/domain/errors.ts'
import { runEngine } from '../../main/engine/host.ts'
import type { EngineServices } from '../../main/engine/services-port.ts'
import { testContract, testHandlers } from './rpc-pair.ts'

/**
 * An engine process with a business of three lines, started by tests like the real one:
 * SUBLET_ENGINE_TEST_VERSION and _CONTRACT say what it claims to be, _JOBS how many jobs it has,
 * _FAIL makes its start fail, _CRASH throws outside of every handler when asked to double 13.
 */
const environment = process.env

const status = await runEngine({
  contract: testContract,
  contractVersion: Number(environment['SUBLET_ENGINE_TEST_CONTRACT'] ?? '1'),
  version: environment['SUBLET_ENGINE_TEST_VERSION'] ?? '1.0.0',
  environment,
  createServices: ({ home, log }): EngineServices<typeof testContract> => {
    if (environment['SUBLET_ENGINE_TEST_FAIL'] !== undefined) throw new Error('planned failure')
    return {
      handlers: {
        maths: {
          ...testHandlers.maths,
          double: async ({ value }, context) => {
            if (value === 13) setImmediate(() => log.error({}, String(crash())))
            return await testHandlers.maths.double({ value }, context)
          },
        },
      },
      activity: () => ({
        activeJobs: Number(environment['SUBLET_ENGINE_TEST_JOBS'] ?? '0'),
        rentalsWithoutReceipt: 0,
      }),
      start: async () => undefined,
      stop: async () => {
        writeFileSync(
          join(home.dir, `stopped-${process.pid}`),
          JSON.stringify(Object.keys(environment).sort()),
        )
      },
    }
  },
}).catch((error: unknown) => {
  process.stderr.write(`${toSubletError(error).message}\n`)
  return 1
})
process.exit(status)

function crash(): never {
  throw new Error('planned crash')
}
