import type { Contract } from '../../../preload/contract/contract.ts'
import { leftWords } from '../../domain/radar/words.ts'
import type { Api } from './client.ts'

/** Whoever leaves does not want to wait for a cloud: what is not known by then is left out. */
const patienceMs = 4_000
/** Engine time. As old as it may be without the accounts being asked again. */
const fresh = 5 * 60_000

/**
 * What goes on costing money besides what is in use, in sentences, for a host that is about to end:
 * read anew where it is old. Never fails; answers what was known where the engine does not answer.
 */
export async function leftBehind(
  api: Pick<Api<Contract>, 'instances' | 'system'>,
  known: readonly string[] = [],
): Promise<readonly string[]> {
  const leave = new AbortController()
  const signal = AbortSignal.any([leave.signal, AbortSignal.timeout(patienceMs)])
  try {
    // Where that takes too long, the overview says what is known, with its age.
    await api.instances
      .list({ environment: {}, maxAgeMs: fresh }, { signal })
      .catch(() => undefined)
    const late = AbortSignal.any([leave.signal, AbortSignal.timeout(patienceMs)])
    const { snapshot } = await api.system.watch({}, { signal: late })
    return leftWords(snapshot.radar, snapshot.at)
  } catch {
    return known // An engine that is gone or hangs must not keep anybody from leaving.
  } finally {
    leave.abort()
  }
}
