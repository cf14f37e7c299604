/** What follows the type's own name in a variation: `h100-1~17` is rented as `h100-1`. */
const mark = '~'

/**
 * So many further rows, for tests of long lists: the given ones again and again under names of
 * their own, each a little dearer. The same for the same input.
 */
export function manyRows<
  T extends { readonly type: string; readonly microsPerHour: number; readonly available: number },
>(rows: readonly T[], count: number): readonly T[] {
  return Array.from({ length: count }, (_, index) => {
    const row = rows[index % rows.length]
    if (row === undefined) throw new Error('There is no row to vary.')
    const round = Math.floor(index / rows.length) + 1
    // Up to a fifth dearer, in steps that look like prices; spot stays below on demand.
    const perMille = 1000 + ((round * 37) % 200)
    return {
      ...row,
      type: `${row.type}${mark}${round}`,
      microsPerHour: Math.round((row.microsPerHour * perMille) / 1_000_000) * 1000,
      available: (index * 7) % 11 === 0 ? 0 : row.available,
    }
  })
}

/** The catalogue's name of a type, whether it is a variation or not. */
export function catalogueName(type: string): string {
  return type.split(mark)[0] ?? type
}
