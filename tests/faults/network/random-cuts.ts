/** `count` random places below `total`, as the bytes from each to the next. */
export function randomCuts(random: () => number, count: number, total: number): number[] {
  const places = Array.from({ length: count }, () => 1 + Math.floor(random() * (total - 1)))
  const inOrder = places.toSorted((a, b) => a - b)
  return inOrder.map((place, index) => Math.max(1, place - (inOrder[index - 1] ?? 0)))
}
