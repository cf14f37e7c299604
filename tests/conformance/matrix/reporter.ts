import type { Reporter, TestCase, TestModule } from 'vitest/node'
import { matrixOf, type Outcome } from './matrix.ts'

/** For `npm run test:providers`: prints the conformance suites as one matrix when all have run. */
export class MatrixReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const outcomes = modules.flatMap((one) => [...one.children.allTests()].flatMap(outcomeOf))
    const providers = new Set(outcomes.map(({ provider }) => provider)).size
    const failed = outcomes.filter(({ state }) => state === 'failed').length
    process.stdout.write(`\n${matrixOf(outcomes)}\n\n`)
    process.stdout.write(
      `${outcomes.length} cases with ${providers} providers, ${failed} failed.\n`,
    )
  }
}

/** Nothing for a test that belongs to no provider's suite. */
function outcomeOf(test: TestCase): readonly Outcome[] {
  const [, provider, name] = /^provider conformance: (\S+) > (.+)$/.exec(test.fullName) ?? []
  if (provider === undefined || name === undefined) return []
  const result = test.result()
  const state = result.state === 'pending' ? 'failed' : result.state
  const reason = result.state === 'skipped' ? (result.note ?? null) : null
  return [{ provider, name, state, reason }]
}
