import { z } from 'zod'
import { microsSchema } from './money.ts'

/** What launch confirms: inside it Sublet fails over by itself, above it asks. */
export const ceilingSchema = z.object({
  microsPerHour: microsSchema,
  micros: microsSchema,
  endBy: z.int(),
})
export type Ceiling = z.infer<typeof ceilingSchema>
