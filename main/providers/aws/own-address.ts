import { isIPv4 } from 'node:net'
import { readBody } from '../http/read-body.ts'
import { cancelled } from './errors.ts'

/** Asked beside other things, and not worth waiting for. */
const limitMs = 4_000

/** The IPv4 address that this computer is seen with; null where that cannot be asked. */
export async function ownAddress(url: string, signal: AbortSignal): Promise<string | null> {
  try {
    const response = await fetch(url, {
      redirect: 'error',
      signal: AbortSignal.any([signal, AbortSignal.timeout(limitMs)]),
    })
    const said = response.ok ? ((await readBody(response, 1_000)) ?? '').trim() : ''
    return isIPv4(said) ? said : null
  } catch {
    if (signal.aborted) throw cancelled(signal)
    return null // The caller says in words what follows from it.
  }
}
