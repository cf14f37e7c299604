import { z } from 'zod'

/** An amount in integer micro-dollars (1 USD = 1,000,000). The only form money takes anywhere. */
export const microsSchema = z.int().brand<'Micros'>()
export type Micros = z.infer<typeof microsSchema>
