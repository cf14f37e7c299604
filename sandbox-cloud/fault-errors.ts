import { ApiError } from './api/errors.ts'
import type { RequestEffect } from './faults.ts'

type Preset = readonly [status: number, code: string, message: string]

const presets: Readonly<Partial<Record<RequestEffect['kind'], Preset>>> = {
  'no-capacity': [409, 'NO_CAPACITY', 'There is no capacity for this machine type in this region.'],
  quota: [403, 'QUOTA_EXCEEDED', 'The quota of this account is used up.'],
  permission: [403, 'PERMISSION_DENIED', 'This account may not do that.'],
  'bad-key': [401, 'UNAUTHENTICATED', 'The access token is not valid.'],
  'price-moved': [409, 'PRICE_MOVED', 'The price is now above the given maximum.'],
}

/** The error that an effect stands for; null for those that are not plain errors. */
export function errorOf(effect: RequestEffect): ApiError | null {
  if (effect.kind === 'error') {
    const { status = 500, code = 'INTERNAL', message = 'The sandbox was told to fail.' } = effect
    return new ApiError(status, code, message)
  }
  if (effect.kind === 'rate-limit') {
    return new ApiError(429, 'RATE_LIMITED', 'Too many requests.', effect.retryAfterMs)
  }
  const preset = presets[effect.kind]
  return preset === undefined ? null : new ApiError(...preset)
}
