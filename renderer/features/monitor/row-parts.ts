import type { LogSpan } from '../../../preload/contract/services/logs.ts'

/** A stretch of a line in one look. */
export interface RowPart {
  readonly text: string
  readonly span: LogSpan | null
  /** 0: none, 1: a place of the search, 2: the place on show. */
  readonly hit: 0 | 1 | 2
}

/** Cuts a line where its colours or the places of a search begin and end. */
export function rowParts(
  text: string,
  spans: readonly LogSpan[],
  hits: readonly number[],
  hitLength: number,
  current: number | null,
): readonly RowPart[] {
  if (spans.length === 0 && hits.length === 0) return [{ text, span: null, hit: 0 }]
  const edges = new Set([0, text.length])
  for (const { start, end } of spans) edges.add(start).add(end)
  for (const hit of hits) edges.add(hit).add(Math.min(text.length, hit + hitLength))
  const sorted = [...edges].sort((a, b) => a - b)
  return sorted.slice(1).map((end, index) => {
    const start = sorted[index] ?? 0
    const hit = hits.find((one) => start >= one && start < one + hitLength)
    return {
      text: text.slice(start, end),
      span: spans.find((one) => start >= one.start && start < one.end) ?? null,
      hit: hit === undefined ? 0 : hit === current ? 2 : 1,
    }
  })
}
