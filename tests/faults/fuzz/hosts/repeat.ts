import { broke, held, type Injection } from '../../fault-class.ts'

export interface Repeat {
  readonly what: string
  readonly runs: number
  readonly atOnce: number
  /** One input; answers what is wrong. */
  readonly one: (run: number) => Promise<string | null>
  /** Asked now and then, and at the end: what is wrong with the host for all others. */
  readonly still: () => Promise<string | null>
}

const askEvery = 250

/** Runs so many inputs, several side by side, up to the first problem. */
export async function repeated(repeat: Repeat): Promise<Injection> {
  const { what, runs, atOnce, one, still } = repeat
  let begun = 0
  let problem: string | null = null
  const lane = async (): Promise<void> => {
    while (begun < runs && problem === null) {
      const run = begun
      begun += 1
      const wrong = await one(run)
      if (wrong !== null) problem ??= `input ${run}: ${wrong}`
      if (run % askEvery === askEvery - 1) problem ??= await still()
    }
  }
  await Promise.all(Array.from({ length: atOnce }, lane))
  problem ??= await still()
  return problem === null ? held(what, runs) : broke(what, problem)
}
