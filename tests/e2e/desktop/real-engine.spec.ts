import { homeAt } from '../../../main/engine/home.ts'
import { readEngineInfo } from '../../../main/engine/engine-info.ts'
import { eventually } from '../../support/eventually.ts'
import { processesOfHome } from '../../support/processes-of-home.ts'
import { connectedWindow, expect, test } from '../../support/desktop/desktop-app.ts'

const enginePid = (home: string): number | null => readEngineInfo(homeAt(home))?.pid ?? null

test.afterEach(async ({ home }) => {
  // The engine leaves by itself once the app is gone; a test does not wait for that.
  await eventually(() => {
    const pids = processesOfHome(home)
    for (const pid of pids) process.kill(pid, 'SIGKILL')
    return pids.length === 0
  })
})

test('the app starts the engine, and gets a new one when it is killed', async ({
  home,
  launch,
}) => {
  const startedAt = performance.now()
  const app = await launch()
  const page = await connectedWindow(app)
  console.log(
    `window connected to a new engine after ${Math.round(performance.now() - startedAt)} ms`,
  )
  const first = enginePid(home)
  expect(first).not.toBeNull()
  process.kill(first ?? 0, 'SIGKILL')
  await expect.poll(() => enginePid(home), { timeout: 20_000 }).not.toBe(first)
  await page.getByText('no machine').first().waitFor()
})

test('the engine outlives an app that is killed', async ({ home, launch }) => {
  const app = await launch()
  await connectedWindow(app)
  const pid = enginePid(home) ?? 0
  const gone = new Promise((resolve) => app.process().once('exit', resolve))
  app.process().kill('SIGKILL')
  await gone
  expect(() => process.kill(pid, 0)).not.toThrow()
  const again = await launch()
  await connectedWindow(again)
  expect(enginePid(home)).toBe(pid)
})
