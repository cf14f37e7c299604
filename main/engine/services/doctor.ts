import { statfs } from 'node:fs/promises'
import { toSubletError } from '../../domain/errors.ts'
import { formatBytes } from '../../domain/format.ts'
import type { ServiceParts } from './context.ts'

interface Check {
  readonly name: string
  readonly ok: boolean
  readonly sentence: string
}

const littleSpaceBytes = 2 * 10 ** 9

/** Looks at what Sublet needs on this computer and at every account; each in one sentence. */
export async function doctor(parts: ServiceParts, signal: AbortSignal): Promise<Check[]> {
  const { vault, home } = parts
  const disk = await statfs(home.dir)
  const freeBytes = disk.bavail * disk.bsize
  const own: Check[] = [
    {
      name: 'Engine',
      ok: true,
      sentence: `Sublet ${parts.version} on Node ${process.versions.node}, data in ${home.dir}.`,
    },
    { name: 'Keychain', ok: vault.state.kind === 'keychain', sentence: vault.state.sentence },
    {
      name: 'Disk',
      ok: freeBytes > littleSpaceBytes,
      sentence: `${formatBytes(freeBytes)} free for results and logs.`,
    },
  ]
  const accounts = await Promise.all(
    parts.accounts
      .all()
      .filter((account) => account.providerId !== 'sandbox')
      .map(async (account): Promise<Check> => {
        const name = `${account.providerId} "${account.name}"`
        try {
          const session = await parts.providers.session(account.id)
          const status = await session.check(signal)
          return { name, ok: status.ok, sentence: status.message }
        } catch (thrown) {
          return { name, ok: false, sentence: toSubletError(thrown).message }
        }
      }),
  )
  return [...own, ...accounts]
}
