import { execFileSync } from 'node:child_process'
import { setTimeout as delay } from 'node:timers/promises'
import { _electron } from '@playwright/test'
import { testUser } from '../support/cli.ts'
import { electronPath, endDesktop, whyNoDesktop } from '../support/desktop/desktop-app.ts'
import { processTreeMib } from '../support/process-memory.ts'

/** From the start of the program to a page that has heard its engine, and what both hold when idle. */
const rounds = 5
const settleMs = 4_000
const root = new URL('../..', import.meta.url).pathname

const whyNot = whyNoDesktop()
if (whyNot === null) await measure()
else process.stdout.write(`${whyNot}\n`)

async function measure(): Promise<void> {
  const user = await testUser()
  try {
    execFileSync(process.execPath, [`${root}bin/build-app.mjs`], { stdio: 'ignore' })
    for (const engine of ['started with it', 'running already'] as const) {
      const times: number[] = []
      for (let round = 0; round < rounds; round += 1) {
        if (engine === 'started with it') await user.killEngine()
        times.push(await startOnce(user.home, round === rounds - 1 && engine === 'running already'))
      }
      const shown = times.map((ms) => `${Math.round(ms)}`).join(', ')
      process.stdout.write(`  start to interactive, engine ${engine}: ${shown} ms\n`)
    }
  } finally {
    await user.stop()
  }
}

async function startOnce(home: string, andMemory: boolean): Promise<number> {
  const startedAt = performance.now()
  const app = await _electron.launch({
    executablePath: electronPath() ?? '',
    args: [...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), root],
    env: { ...(process.env as Record<string, string>), SUBLET_HOME: home },
  })
  const page = await app.firstWindow()
  await page.getByText('no machine').waitFor()
  const tookMs = performance.now() - startedAt
  if (andMemory) {
    await delay(settleMs)
    const { own, engine } = processTreeMib(app.process().pid ?? 0, home)
    process.stdout.write(`  idle memory (PSS): app ${own} MiB, engine ${engine} MiB\n`)
  }
  await endDesktop(app.process())
  return tookMs
}
