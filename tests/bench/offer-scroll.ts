import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { chromium, type Page } from '@playwright/test'
import { chromiumPath } from '../support/app/chromium.ts'
import { framesOf } from '../support/app/frame-trace.ts'
import { testUser } from '../support/cli.ts'
import { eventually } from '../support/eventually.ts'
import { report } from './timed.ts'

/** Scripting per frame while 50,000 offers are scrolled in Chromium, from its own trace. */
const executablePath = chromiumPath()
if (executablePath === null) {
  process.stdout.write('SKIPPED: needs Chromium (apt-get install chromium).\n')
} else {
  await bench(executablePath)
}

async function bench(executable: string): Promise<void> {
  const program = fileURLToPath(new URL('../../bin/build-app.mjs', import.meta.url))
  execFileSync(process.execPath, [program], { stdio: 'ignore' })
  const user = await testUser()
  const host = user.start(['serve', '--no-open'], { keepInput: true })
  const browser = await chromium.launch({
    executablePath: executable,
    args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
  })
  try {
    await user.sandbox.offerCount(50_000)
    const link = await eventually(() => /http:\/\/127\.0\.0\.1\S+/.exec(host.stdout())?.[0])
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
    await page.goto(link)
    await page.getByRole('link', { name: 'Offers', exact: true }).click()
    await page.getByText('50,000 of 50,000 offers').waitFor()
    for (const rowsPerFrame of [1, 10, 200]) await scroll(page, rowsPerFrame)
  } finally {
    await browser.close()
    host.child.kill('SIGINT')
    await host.exit
    await user.stop()
  }
}

async function scroll(page: Page, rowsPerFrame: number): Promise<void> {
  const browser = page.context().browser()
  await browser?.startTracing(page, { categories: ['devtools.timeline', 'toplevel'] })
  // Real wheel events: a script that scrolls would count the layout that it forces as its own.
  await page.getByRole('grid').hover()
  for (let turn = 0; turn < 150; turn += 1) await page.mouse.wheel(0, rowsPerFrame * 32)
  const trace = await browser?.stopTracing()
  const frames = framesOf(trace?.toString() ?? '')
  const sorted = frames.map(({ scriptMs }) => scriptMs).toSorted((a, b) => a - b)
  const at = (share: number): number => sorted[Math.floor((sorted.length - 1) * share)] ?? 0
  const what = `50,000 offers scrolled by ${rowsPerFrame} rows a frame, ${frames.length} frames`
  report(`${what}: scripting, median`, at(0.5), 16)
  report(`${what}: scripting, 99 of 100`, at(0.99), 16)
  report(`${what}: scripting, worst`, at(1))
}
