import { afterAll, afterEach, beforeAll, describe, expect } from 'vitest'
import { accountCases } from './cases/account.ts'
import { answerCases, describedCase } from './cases/answers.ts'
import { errorCases } from './cases/errors.ts'
import { launchCases } from './cases/launch.ts'
import { offerCases } from './cases/offers.ts'
import { releaseCases } from './cases/release.ts'
import { strangerCases } from './cases/strangers.ts'
import { timeCases } from './cases/time.ts'
import { Rig } from './rig.ts'
import type { ConformanceSubject } from './subject.ts'

/**
 * What every provider must do alike. Call it once in a test file of the provider's own. After each
 * case nothing may be left, neither in the provider's list nor in the world's own books.
 */
export function describeProviderConformance(subject: ConformanceSubject): void {
  describe(`provider conformance: ${subject.name}`, () => {
    let rig: Rig | undefined
    const current = (): Rig => {
      if (rig === undefined) throw new Error('The world is not open.')
      return rig
    }
    beforeAll(async () => {
      rig = new Rig(await subject.open())
    })
    afterEach(async () => {
      await current().cleanUp()
      expect(await current().world.liveMachines()).toBe(0)
    })
    afterAll(async () => {
      await rig?.world.close()
    })
    accountCases(current)
    offerCases(current)
    launchCases(current)
    errorCases(current)
    releaseCases(current)
    strangerCases(current)
    timeCases(current)
    answerCases(current)
    describedCase(current)
  })
}
