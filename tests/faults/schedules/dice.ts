/** Choices that follow from a seed: the same seed throws the same dice. */
export interface Dice {
  /** From 0 up to, but without, 1. */
  next(): number
  /** A whole number from `least` to `most`, both included. */
  between(least: number, most: number): number
  oneOf<T>(choices: readonly T[]): T
  /** So many different ones, or all where there are no more. */
  some<T>(choices: readonly T[], count: number): readonly T[]
}

/** Mulberry32: small, and the same on every machine. */
export function dice(seed: number): Dice {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const between = (least: number, most: number): number =>
    least + Math.floor(next() * (most - least + 1))
  const oneOf = <T>(choices: readonly T[]): T => {
    const chosen = choices[between(0, choices.length - 1)]
    if (chosen === undefined) throw new Error('There is nothing to choose from.')
    return chosen
  }
  return {
    next,
    between,
    oneOf,
    some: (choices, count) =>
      choices
        .map((choice) => ({ choice, key: next() }))
        .toSorted((a, b) => a.key - b.key)
        .slice(0, count)
        .map(({ choice }) => choice),
  }
}
