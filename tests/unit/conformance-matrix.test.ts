import { expect, it } from 'vitest'
import { matrixOf, type Outcome } from '../conformance/matrix/matrix.ts'

const outcome = (
  provider: string,
  name: string,
  state: Outcome['state'],
  reason: string | null = null,
): Outcome => ({ provider, name, state, reason })

it('shows cases by providers, and each reason once', () => {
  const noSpot = 'There is no spot machine here.'
  const shown = matrixOf([
    outcome('lambda', 'launches once', 'passed'),
    outcome('lambda', 'is reclaimed', 'skipped', noSpot),
    outcome('vast', 'launches once', 'failed'),
    outcome('vast', 'is reclaimed', 'passed'),
    outcome('paperspace', 'is reclaimed', 'skipped', noSpot),
  ])
  expect(shown).toBe(`| case          | lambda | vast   | paperspace |
|---------------|--------|--------|------------|
| launches once | ok     | FAILED |            |
| is reclaimed  | [1]    | ok     | [1]        |
| passed        | 1      | 1      | 0          |
| skipped       | 1      | 0      | 1          |
| failed        | 0      | 1      | 0          |

[1] There is no spot machine here.`)
})
