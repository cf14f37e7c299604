import { z } from 'zod'
import { SubletError } from '../../domain/errors.ts'
import type { HttpApi, HttpCall } from './http-api.ts'

/**
 * Deletes one thing; answers what was asked and what came back, for a receipt. One that the provider
 * does not know is gone: its own words stand for "deleted". Every other failure stays one.
 */
export async function deleteKnown(
  api: HttpApi,
  call: Omit<HttpCall, 'method'>,
  signal: AbortSignal,
): Promise<{ readonly asked: string; readonly answered: string }> {
  const asked = `DELETE ${call.path}`
  try {
    await api.call(z.unknown(), { method: 'DELETE', ...call }, signal)
    return { asked, answered: 'deleted' }
  } catch (thrown) {
    if (thrown instanceof SubletError && thrown.code === 'not-found')
      return { asked, answered: thrown.message }
    throw thrown
  }
}
