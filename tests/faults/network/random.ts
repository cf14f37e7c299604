/** Numbers from 0 up to 1 that look random and follow from the seed alone (mulberry32). */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** `count` random places below `total`, as the bytes from each to the next. */
export function randomCuts(random: () => number, count: number, total: number): number[] {
  const places = Array.from({ length: count }, () => 1 + Math.floor(random() * (total - 1)))
  const inOrder = places.toSorted((a, b) => a - b)
  return inOrder.map((place, index) => Math.max(1, place - (inOrder[index - 1] ?? 0)))
}
