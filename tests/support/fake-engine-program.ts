import { setInterval } from 'node:timers/promises'
import { contract, contractVersion } from '../../preload/contract/contract.ts'
import { runEngine } from '../../main/engine/host.ts'
import { subletVersion } from '../../main/engine/version.ts'
import { FakeEngine } from './fake-engine.ts'

// A fake engine as a process of its own, on the real socket of SUBLET_HOME. Its job writes a line
// every 50 ms once somebody follows it, FAKE_LINES of them, and ends with FAKE_EXIT.
const engine = new FakeEngine()
const wantedLines = Number(process.env['FAKE_LINES'] ?? 5)

async function playJob(): Promise<void> {
  let line = 0
  for await (const _ of setInterval(50)) {
    if (engine.job.readers === 0 || engine.job.summary.endedAt !== null) continue
    if (line === 0) engine.job.set({ state: 'running' })
    line += 1
    engine.job.append(`line ${line}\n`)
    if (line === wantedLines) {
      const exitCode = Number(process.env['FAKE_EXIT'] ?? 0)
      engine.job.end({ state: exitCode === 0 ? 'done' : 'failed', exitCode })
    }
  }
}

void playJob()
process.exitCode = await runEngine({
  contract,
  contractVersion,
  version: subletVersion(),
  environment: { ...process.env, SUBLET_ENGINE_IDLE_MS: '60000' },
  createServices: () => ({
    handlers: engine.handlers(),
    activity: () => ({ activeJobs: 0, rentalsWithoutReceipt: 0 }),
    start: async () => undefined,
    stop: async () => undefined,
  }),
})
process.exit()
