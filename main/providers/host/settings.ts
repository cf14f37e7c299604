import { z } from 'zod'
import { SubletError } from '../../domain/errors.ts'
import type { Account } from '../provider.ts'

/** An own host as its account keeps it. */
export interface HostSettings {
  /** `user@host:port`, or an alias of ~/.ssh/config. */
  readonly address: string
  readonly identityFile: string | null
  /** What an hour of the whole machine is worth to the user; 0 where nothing is said. */
  readonly rateMicrosPerHour: number
  /** The keys that the user trusted; empty: the first one seen is pinned. */
  readonly hostKeys: readonly string[]
  /** How many rentals a machine without GPU takes at a time. */
  readonly maxRentals: number
}

const storedSchema = z.object({
  address: z.string().min(1),
  identityFile: z.string().optional(),
  rateMicrosPerHour: z.coerce.number().int().nonnegative().default(0),
  hostKeys: z
    .string()
    .default('[]')
    .transform((text) => z.array(z.string()).parse(JSON.parse(text))),
  maxRentals: z.coerce.number().int().positive().max(1000).default(1),
})

/** Reads an account's settings; fails with `invalid` and what to do. */
export function readHostSettings(account: Pick<Account, 'name' | 'settings'>): HostSettings {
  try {
    const { identityFile, ...rest } = storedSchema.parse(account.settings)
    return { ...rest, identityFile: identityFile ?? null }
  } catch (error) {
    throw new SubletError(
      'invalid',
      `What Sublet has stored of the host "${account.name}" cannot be read; remove it and add it again (sublet hosts remove ${account.name}).`,
      {
        nativeCode: error instanceof Error ? error.message.slice(0, 300) : 'unknown',
        cause: error,
      },
    )
  }
}

/** The form in which an account keeps them; the inverse of `readHostSettings`. */
export function storedHostSettings(
  settings: Omit<HostSettings, 'maxRentals'> & { readonly maxRentals?: number },
): Record<string, string> {
  return {
    address: settings.address,
    ...(settings.identityFile === null ? {} : { identityFile: settings.identityFile }),
    rateMicrosPerHour: String(settings.rateMicrosPerHour),
    hostKeys: JSON.stringify(settings.hostKeys),
    ...(settings.maxRentals === undefined ? {} : { maxRentals: String(settings.maxRentals) }),
  }
}
