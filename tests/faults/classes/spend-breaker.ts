import { broke, held, type FaultClass, type Injection } from '../fault-class.ts'
import { MoneyStage } from '../spend-breaker/money-stage.ts'
import { scenes, seedScene, type Scene } from '../spend-breaker/scenes.ts'

/** Scenes mostly wait for hours that pass in seconds. */
const sideBySide = 3

export const faultClass: FaultClass = {
  name: 'spend breaker',
  promise:
    'A budget of a job, a day or a month is never passed by the provider’s own meter, whoever shares it and whatever becomes of this computer; what the job has made, and its checkpoint, come home.',
  async *injections({ size, signal, say }) {
    const waiting = size === 'seed' ? [seedScene] : [...scenes]
    const running = new Map<Scene, Promise<readonly [Scene, Injection]>>()
    const next = (): void => {
      const scene = waiting.shift()
      if (scene === undefined) return
      say(scene.name)
      running.set(
        scene,
        play(scene).then((injection) => [scene, injection] as const),
      )
    }
    for (let lane = 0; lane < sideBySide; lane += 1) next()
    while (running.size > 0) {
      const [scene, injection] = await Promise.race(running.values())
      running.delete(scene)
      yield injection
      if (signal.aborted) waiting.length = 0
      next()
    }
  },
}

async function play(scene: Scene): Promise<Injection> {
  const stage = await MoneyStage.open(scene.time)
  const problems: string[] = []
  let leaked = 0
  let lost = 0
  try {
    const broken = await scene.play(stage)
    const books = await stage.books()
    const bill = await stage.bill()
    leaked = books.leaked.length
    lost = books.wrong.length + broken.length
    problems.push(...broken, ...books.leaked, ...books.wrong, ...overspent(scene, bill))
    if (books.machines === 0) problems.push('No machine was rented.')
  } catch (thrown) {
    problems.push(thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown))
  } finally {
    problems.push(...(await stage.close()).map((process) => `Still running: ${process}`))
  }
  return problems.length === 0
    ? held(scene.name)
    : broke(scene.name, problems.join(' '), { leaked, lost })
}

function overspent(
  { most, used }: Scene,
  { total, days }: { readonly total: number; readonly days: readonly number[] },
): string[] {
  const dearest = Math.max(0, ...days)
  const limit = most.total ?? most.day ?? 0
  return [
    ...(most.total !== null && total > most.total
      ? [`The sandbox billed ${total}, the budget was ${most.total}.`]
      : []),
    ...(most.day !== null && dearest > most.day
      ? [`The sandbox billed ${dearest} on one day, the budget was ${most.day}.`]
      : []),
    ...(total < limit * used ? [`Only ${total} of ${limit} was used.`] : []),
  ]
}
