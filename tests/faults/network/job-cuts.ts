import { broke, held, type Injection } from '../fault-class.ts'
import { judgeScene } from './judge-scene.ts'
import { randomCuts } from './random-cuts.ts'
import { Scene } from './scene.ts'

export interface JobCutPlan {
  readonly cuts: number
  readonly sizes: readonly number[]
  readonly logLines: number
}

/** Of the payload that goes to the machine first come a few hundred requests to its supervisor. */
const requestBytes = 60_000
/** Installing, leases, probes, listings, metrics and mirrors of an undisturbed job, and frames. */
const peaceBytes = 3_000_000
/** A new connection, and the questions that come with it. */
const reconnectBytes = 512 * 1024

/**
 * A whole job by the shipping engine whose connections are cut at random bytes of all that goes to
 * and from the machine: requests, upload, log, results. Counts on the sandbox's side of the wire.
 */
export async function cutJob(
  plan: JobCutPlan,
  windowBytes: Readonly<Record<'up' | 'down', number>>,
  random: () => number,
): Promise<Injection> {
  const payload = plan.sizes.reduce((sum, bytes) => sum + bytes, 0)
  const logBytes = plan.logLines * 50
  // One of the cuts is among the first requests, the rest anywhere.
  const early = 1 + Math.floor(random() * requestBytes)
  const rest = randomCuts(random, plan.cuts - 1, 2 * payload + logBytes)
  const what = `a job with ${inMib(payload)} MiB each way, cut after ${[early, ...rest].join(', ')} bytes`
  const scene = await Scene.open({ speed: 20, sizes: plan.sizes, logLines: plan.logLines })
  let injection: Injection
  try {
    await scene.submit()
    await scene.until(async () => await isUp(scene), 'the machine to be up')
    await scene.machine('network', { cutAfterBytes: early, thenCutAfterBytes: rest })
    await scene.untilRunning()
    await scene.steps(1)
    await scene.openGate()
    await scene.until(async () => await isOver(scene), 'the job to end')
    injection = await judgeScene(what, scene, plan.cuts)
    if (injection.survived) injection = judgeBytes(what, plan, scene, windowBytes)
  } catch (thrown) {
    injection = broke(what, `${String(thrown)} It said: ${[...scene.sentences].at(-1) ?? ''}`)
  }
  const left = await scene.close()
  if (left.length === 0 || !injection.survived) return injection
  return broke(what, `still running: ${left.join('; ')}`)
}

function judgeBytes(
  what: string,
  { cuts, sizes, logLines }: JobCutPlan,
  { traffic }: Scene,
  windowBytes: Readonly<Record<'up' | 'down', number>>,
): Injection {
  const payload = sizes.reduce((sum, bytes) => sum + bytes, 0)
  const again = {
    up: traffic.bytesIn - payload - peaceBytes,
    down: traffic.bytesOut - payload - logLines * 50 - peaceBytes,
  }
  const facts = `${traffic.cuts} cuts, ${inMib(traffic.bytesIn)} MiB up and ${inMib(traffic.bytesOut)} MiB down for ${inMib(payload)} MiB`
  if (traffic.cuts < cuts) return broke(what, `only ${traffic.cuts} of ${cuts} cuts happened`)
  for (const direction of ['up', 'down'] as const) {
    const allowed = cuts * (windowBytes[direction] + reconnectBytes)
    if (again[direction] > allowed) return broke(what, `${facts}: too much ${direction}`)
  }
  return held(`a whole job: ${facts}`, traffic.cuts)
}

async function isUp(scene: Scene): Promise<boolean> {
  const [machine] = await scene.sandbox.machines()
  return machine?.state === 'running'
}

async function isOver(scene: Scene): Promise<boolean> {
  await scene.watchTraffic()
  return ['done', 'failed', 'cancelled'].includes(await scene.state())
}

function inMib(bytes: number): string {
  return (bytes / 1024 / 1024).toFixed(1)
}
