import type { Machine, RemoteFile } from '../machine/machine.ts'

/**
 * Opens the same file on all connections but the first, each as it gets ready, into `handles`.
 * The answers say by lane whether it can be used; one that fails only costs speed.
 */
export function openMore(
  machines: readonly Promise<Machine>[],
  handles: RemoteFile[],
  open: (machine: Machine) => Promise<RemoteFile>,
): Promise<boolean>[] {
  return machines.map(async (connecting, lane) => {
    if (lane === 0) return true
    try {
      handles[lane] = await open(await connecting)
      return true
    } catch {
      // The other lanes do its work.
      return false
    }
  })
}

/** Closes what `openMore` opened, now or when it has opened; nothing depends on the outcome. */
export async function closeMore(
  opening: readonly Promise<boolean>[],
  handles: readonly RemoteFile[],
): Promise<void> {
  const closing = opening.slice(1).map(async (opened, index) => {
    if (await opened) await handles[index + 1]?.close()
  })
  await Promise.allSettled(closing)
}
