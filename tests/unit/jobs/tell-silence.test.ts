import { afterEach, beforeEach, expect, it } from 'vitest'
import { formatTime } from '../../../main/domain/format.ts'
import type { JobDeps, RunStep } from '../../../main/jobs/steps/context.ts'
import { tellSilence } from '../../../main/jobs/tell-silence.ts'
import type { Machine } from '../../../main/machine/machine.ts'
import { jobId, plainSteps, rentalId, runnerRig, type RunnerRig } from '../../support/runner-rig.ts'

let rig: RunnerRig
beforeEach(() => {
  rig = runnerRig()
})
afterEach(() => rig.close())

/** What the job's progress says second by second, while `heard` bytes come in each of them. */
async function said(heard: readonly number[], progress: Record<number, string>): Promise<string[]> {
  const deps: JobDeps = rig.deps
  const sentences: string[] = []
  const stage: RunStep = async (context) => {
    const ended = new AbortController()
    let second = -1
    const machine = {
      get heardBytes() {
        second += 1
        if (second > 0) sentences.push(deps.feed.of(jobId)?.sentence ?? '')
        if (second >= heard.length) ended.abort()
        const words = progress[second]
        if (words !== undefined) context.progress(0.5, words)
        return heard.slice(0, second).reduce((sum, bytes) => sum + bytes, 0)
      },
    } as Machine
    await tellSilence(context, machine, ended.signal).catch(() => undefined) // Ended by the test.
    const plain = plainSteps([])
    await plain.stage(context)
  }
  await rig.run({ ...plainSteps([]), stage })
  return sentences
}

it('says after some seconds that nothing comes, until when it waits, and takes that back', async () => {
  const quiet = Array.from({ length: 40 }, (_, second) => (second % 11 === 0 ? 48 : 0))
  const all = await said([5_000, ...quiet, 5_000, 0, 0], { 0: 'Uploading 1 MB' })
  const until = formatTime(rig.deps.journal.rental(rentalId).endBy, {
    near: rig.deps.clock.now(),
  })
  expect(all.slice(0, 10)).toEqual(Array.from({ length: 10 }, () => 'Uploading 1 MB'))
  const told = all.filter((one) => one.startsWith('The machine has sent next to nothing for'))
  expect(told.length).toBeGreaterThan(10)
  expect(told.at(-1)).toContain(`it is waited for until ${until} at the latest`)
  expect(all.at(-1)).toBe('Uploading 1 MB')
})

it('is not misled by a byte now and then, nor by the answers that hold the result', async () => {
  const drip = Array.from({ length: 60 }, (_, second) => 52 + (second % 4 === 0 ? 400 : 0))
  const all = await said([2_200, ...drip], { 0: 'Bringing the results home, 0 B of 7 B' })
  expect(all.at(-1)).toContain('sent next to nothing')
})

it('says nothing while a machine sends slowly but steadily', async () => {
  const slow = Array.from({ length: 60 }, () => 600)
  const all = await said(slow, { 0: 'Bringing the results home, 1.0 GB of 7.0 GB' })
  expect(all.length).toBeGreaterThan(50)
  expect(all.every((one) => one.startsWith('Bringing'))).toBe(true)
})

it('says nothing while what is done grows, although the machine is silent', async () => {
  const heard = Array.from({ length: 60 }, () => 0)
  const progress = Object.fromEntries(
    [0, 1, 2, 3, 4, 5, 6, 7].map((n) => [n * 8, `Uploading ${n} MB`]),
  )
  const all = await said(heard, progress)
  expect(all.length).toBeGreaterThan(50)
  expect(all.every((one) => one.startsWith('Uploading'))).toBe(true)
})
