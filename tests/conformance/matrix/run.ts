import { startVitest } from 'vitest/node'
import { MatrixReporter } from './reporter.ts'

// `npm run test:providers`; further words name the files to run. A failure sets the exit status.
const named = process.argv.slice(2)
const files = named.length > 0 ? named : ['tests/conformance']
const vitest = await startVitest('test', files, {
  run: true,
  watch: false,
  reporters: ['default', new MatrixReporter()],
})
await vitest.close()
