import type { FaultClass, FaultRun, Injection } from './fault-class.ts'

/** All injections of one class, added up. */
export interface Row {
  readonly name: string
  readonly promise: string
  readonly injections: number
  readonly survived: number
  readonly leaked: number
  readonly lost: number
  /** `what: problem` of each that did not survive. */
  readonly problems: readonly string[]
  readonly tookMs: number
}

/** Runs a class to its end. Never rejects: what a class throws is a fault not survived. */
export async function runClass(
  faultClass: FaultClass,
  run: FaultRun,
  each: (injection: Injection) => void = () => undefined,
): Promise<Row> {
  const beganAt = performance.now()
  const all: Injection[] = []
  const take = (injection: Injection): void => {
    all.push(injection)
    each(injection)
  }
  try {
    for await (const injection of faultClass.injections(run)) take(injection)
  } catch (thrown) {
    const problem = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)
    take({ what: 'the run itself', count: 1, survived: false, leaked: 0, lost: 0, problem })
  }
  const sum = (of: (one: Injection) => number): number => all.reduce((n, one) => n + of(one), 0)
  return {
    name: faultClass.name,
    promise: faultClass.promise,
    injections: sum(({ count }) => count),
    survived: sum(({ count, survived }) => (survived ? count : 0)),
    leaked: sum(({ leaked }) => leaked),
    lost: sum(({ lost }) => lost),
    problems: all.flatMap(({ what, problem, survived }) =>
      survived ? [] : [`${what}: ${problem ?? 'it did not survive'}`],
    ),
    tookMs: performance.now() - beganAt,
  }
}

/** Whether every promise of the class held, and it injected anything at all. */
export function holds({ injections, survived, leaked, lost }: Row): boolean {
  return injections > 0 && survived === injections && leaked === 0 && lost === 0
}
