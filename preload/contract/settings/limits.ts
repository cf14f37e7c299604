import { z } from 'zod'

/** A day in ms. */
export const day = 86_400_000

/** A limit in micro-dollars; null is none, which `most` says in words. */
export const money = (most: string) =>
  z.int().positive(`has to be more than $0; leave it empty for ${most}`).nullable().default(null)
