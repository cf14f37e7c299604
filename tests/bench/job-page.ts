import { chromium, type Page } from '@playwright/test'
import { chromiumPath } from '../support/app/chromium.ts'
import { putEndedJob } from '../support/app/ended-job.ts'
import { testUser } from '../support/cli.ts'
import { eventually } from '../support/eventually.ts'
import { report } from './timed.ts'

/** The job page in Chromium: a million lines, and a day of eight GPUs at one sample a second. */
const rounds = 20
const executablePath = chromiumPath()
if (executablePath === null) {
  process.stdout.write('SKIPPED: needs Chromium (apt-get install chromium).\n')
} else {
  await using user = disposable(await testUser())
  const { jobId } = putEndedJob(user.home, { lines: 1_000_000, gpus: 8, durationS: 86_400 })
  const host = user.start(['serve', '--no-open'], { keepInput: true })
  const link = await eventually(
    () => /http:\/\/127\.0\.0\.1:\d+\/open\/\S+/.exec(host.stdout())?.[0],
    {
      timeoutMs: 60_000,
      what: 'a link',
    },
  )
  const args = process.getuid?.() === 0 ? ['--no-sandbox'] : []
  const browser = await chromium.launch({ executablePath, args })
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
    await page.goto(link)
    await bench(page, jobId)
  } finally {
    await browser.close()
    host.child.kill('SIGINT')
    await host.exit
  }
}

async function bench(page: Page, jobId: string): Promise<void> {
  await page.getByRole('button', { name: 'Stop everything' }).waitFor()
  const before = performance.now()
  await page.evaluate((path) => {
    window.location.hash = path
  }, `/jobs/${jobId}`)
  await page.getByRole('slider').nth(7).waitFor()
  report('from the list to 8 charts over 24 h, for the first time', performance.now() - before)
  const cost = await scripting(page)

  // A GPU taken out or back in fills and draws every chart, as a new sample does.
  // Pressed from inside: what a driver of the browser adds to a click is no work of the page.
  const gpu = await page.getByRole('button', { name: 'GPU 7' }).elementHandle()
  const drawn = await cost(async () => {
    for (let round = 0; round < rounds; round += 1) {
      await gpu?.evaluate((button) => (button as HTMLButtonElement).click())
      await page.waitForTimeout(300)
    }
  })
  report(
    '8 GPUs x 24 h: an update of all 8 charts, over several frames',
    drawn.scriptMs / rounds,
    16,
  )

  const log = page.getByRole('listbox', { name: 'Lines of the log' })
  await log.hover()
  const scrolled = await cost(async () => {
    for (let step = 0; step < 120; step += 1) {
      await page.mouse.wheel(0, step < 60 ? -400 : 400)
      await page.waitForTimeout(8)
    }
  })
  report('scrolling 1,000,000 lines: scripting a frame', scrolled.scriptMs / scrolled.frames, 16)
  process.stdout.write(`JavaScript memory: ${(scrolled.heapBytes / 1e6).toFixed(1)} MB\n`)
}

/** Measures what the page's scripts cost while something is done. */
async function scripting(page: Page) {
  const session = await page.context().newCDPSession(page)
  // Time of the page's own thread: a busy computer does not count.
  await session.send('Performance.enable', { timeDomain: 'threadTicks' })
  const read = async (): Promise<ReadonlyMap<string, number>> => {
    const { metrics } = await session.send('Performance.getMetrics')
    return new Map(metrics.map(({ name, value }) => [name, value]))
  }
  return async (work: () => Promise<void>) => {
    await page.evaluate(() => {
      const seen = { frames: 0 }
      Object.assign(window, { seen })
      const tick = (): void => {
        seen.frames += 1
        window.requestAnimationFrame(tick)
      }
      tick()
    })
    const from = await read()
    await work()
    const to = await read()
    const seen = await page.evaluate(() => (window as unknown as { seen: { frames: number } }).seen)
    const script = (to.get('ScriptDuration') ?? 0) - (from.get('ScriptDuration') ?? 0)
    return {
      scriptMs: script * 1_000,
      frames: seen.frames,
      heapBytes: to.get('JSHeapUsedSize') ?? 0,
    }
  }
}

function disposable<T extends { stop(): Promise<void> }>(made: T): T & AsyncDisposable {
  return Object.assign(made, { [Symbol.asyncDispose]: () => made.stop() })
}
