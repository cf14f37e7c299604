import type { Moment, Strike } from './kill-plan.ts'

/** What is killed in one run of a scenario, in words and as a plan. */
export interface Injected {
  readonly what: string
  readonly strikes: readonly Strike[]
}

const moments: readonly Moment[] = ['before', 'after']

/** One kill before and one after every write of an unkilled run. */
export function everyWrite(trace: readonly string[]): readonly Injected[] {
  return occurrences(trace).flatMap((at) => moments.map((moment) => single(at, moment)))
}

/** Two kills: at a random write, and at a random one of the engine that goes on. */
export function randomPairs(
  trace: readonly string[],
  count: number,
  random: () => number,
): readonly Injected[] {
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T
  return Array.from({ length: count }, () => {
    const all = occurrences(trace)
    const at = pick(all)
    const first = single(at, pick(moments))
    const left = Math.max(1, all.length - all.indexOf(at) - 1)
    const nth = 1 + Math.floor(random() * left)
    const moment = pick(moments)
    return {
      what: `${first.what}, then ${moment} write ${nth} of the next engine`,
      strikes: [...first.strikes, { moment, at: { nth } }],
    }
  })
}

/** A kill at the first write that holds an event of a kind. */
export function atKind(trace: readonly string[], kind: string, moment: Moment): Injected {
  const label = trace.find((one) => one.split('+').includes(kind))
  if (label === undefined) throw new Error(`No write of the scenario holds ${kind}.`)
  return single({ label, occurrence: 1 }, moment)
}

interface Occurrence {
  readonly label: string
  readonly occurrence: number
}

/** Kills are placed by what is written, because two writers may swap places from run to run. */
function occurrences(trace: readonly string[]): readonly Occurrence[] {
  const counts = new Map<string, number>()
  return trace.map((label) => {
    const occurrence = (counts.get(label) ?? 0) + 1
    counts.set(label, occurrence)
    return { label, occurrence }
  })
}

function single(at: Occurrence, moment: Moment): Injected {
  const again = at.occurrence === 1 ? '' : ` (${at.occurrence})`
  return { what: `${moment} ${at.label}${again}`, strikes: [{ moment, at }] }
}

/** Numbers from 0 to 1 that follow from the seed (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
