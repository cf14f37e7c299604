import { broke, type FaultClass, type Injection } from '../fault-class.ts'
import { judgeScene } from '../network/judge-scene.ts'
import { allAtOnce, disturbances, type Disturbance } from '../network/reality.ts'
import { Scene } from '../network/scene.ts'
import { sideBySide } from '../side-by-side.ts'

/** Disturbances mostly wait. */
const atOnce = 3

export const faultClass: FaultClass = {
  name: 'network and clock as they are',
  promise:
    'Through sleep, new addresses, log-in pages, clocks that are set, and a provider that is down or throttles, the job goes on where it is, ends once, and costs what the provider says.',
  async *injections({ size, signal }) {
    if (size === 'seed') {
      yield await play(allAtOnce)
      return
    }
    for await (const injection of sideBySide(disturbances, atOnce, play)) {
      yield injection
      signal.throwIfAborted()
    }
  },
}

async function play(disturbance: Disturbance): Promise<Injection> {
  const { name, says } = disturbance
  const scene = await Scene.open(disturbance.scene)
  let injection: Injection
  try {
    await disturbance.prepare?.(scene)
    await scene.submit()
    await scene.untilRunning()
    await scene.steps(3)
    await disturbance.disturb(scene)
    injection = await judgeScene(name, scene)
    const said = [...scene.sentences]
    if (says !== undefined && injection.survived && !said.some((one) => says.test(one))) {
      injection = broke(name, `nobody was told (${String(says)}), but: ${said.join(' | ')}`)
    }
  } catch (thrown) {
    const said = [...scene.sentences].slice(-5).join(' | ')
    injection = broke(name, `${String(thrown)} It said: ${said}`)
  }
  const left = await scene.close()
  if (left.length === 0 || !injection.survived) return injection
  return broke(name, `still running: ${left.join('; ')}`)
}
