import { padTo, widthOf } from './width.ts'

export interface Column<T> {
  readonly title: string
  readonly value: (row: T) => string
  /** Figures stand on the right. */
  readonly right?: boolean
}

/** Aligned lines, the titles first. Columns that are empty in every row are left out. */
export function tableLines<T>(
  rows: readonly T[],
  columns: readonly Column<T>[],
): readonly string[] {
  const cells = columns
    .map((column) => ({ column, values: rows.map(column.value) }))
    .filter(({ values }) => rows.length === 0 || values.some((value) => value !== ''))
  const widths = cells.map(({ column, values }) =>
    Math.max(widthOf(column.title), ...values.map(widthOf)),
  )
  const line = (texts: readonly string[]): string =>
    texts
      .map((text, index) =>
        padTo(text, widths[index] ?? 0, cells[index]?.column.right === true ? 'left' : 'right'),
      )
      .join('  ')
      .trimEnd()
  return [
    line(cells.map(({ column }) => column.title)),
    ...rows.map((_, row) => line(cells.map(({ values }) => values[row] ?? ''))),
  ]
}
