import { z } from 'zod'
import type { Database } from '../store/database.ts'

const rowSchema = z.object({ at: z.int().nullable() })

/**
 * The last moment (epoch ms, engine time) of what is still open in the journal; null when nothing
 * is. Leases and meters of it count from times that an earlier engine wrote down.
 */
export function lastMoment(database: Database): number | null {
  const [row] = database.all(
    rowSchema,
    'SELECT MAX(at) AS at FROM journal WHERE stream IN (SELECT stream FROM summaries WHERE ended = 0)',
  )
  return row?.at ?? null
}
