import { writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { userWithEngine } from '../support/app/user-with-engine.ts'
import type { TestUser } from '../support/cli.ts'
import { eventually } from '../support/eventually.ts'
import { writeGatedScript } from '../support/gated-script.ts'

const entry = fileURLToPath(new URL('../support/hookless-engine-program.ts', import.meta.url))
const job = ['--script', 'job/job.sh', '--provider', 'sandbox', '--keep-warm', '0']
let user: TestUser
let gate: string

beforeEach(async () => {
  user = await userWithEngine(entry)
  gate = await writeGatedScript(user.work)
  // What was promised before the launch holds no more after it.
  await user.sandbox.fault({ kind: 'expiry-disabled' }, { remaining: null })
})
afterEach(async () => await user.stop())

it('gives a machine back that turns out not to stop by itself, unless the user said yes', async () => {
  const refused = await user.run(['run', ...job, '--yes', '--json'])
  expect(refused.exitCode).not.toBe(0)
  expect(refused.stdout).toMatch(/stops? by itself.*--accept-no-lease/s)
  expect(await user.sandbox.machines()).toMatchObject([{ state: 'ended' }])

  const accepted = await user.submit([...job, '--accept-no-lease'])
  await user.until(({ id, state }) => id === accepted && state === 'running', 'the job to run')
  const { stdout } = await user.run(['show', accepted])
  expect(stdout).toMatch(/stops by itself if this computer dies: NO, because/)
  expect(stdout).toMatch(
    /the provider: no\. .*\n {2}the machine: no\. .*\n {2}this computer: yes, at/,
  )
  await writeFile(gate, '')
  await user.until(({ id, state }) => id === accepted && state === 'done', 'the job to be done')
  await eventually(
    async () => (await user.sandbox.machines()).every(({ state }) => state === 'ended'),
    { timeoutMs: 20_000 },
  )
})
