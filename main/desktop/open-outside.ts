import { statSync } from 'node:fs'
import path from 'node:path'
import { shell } from 'electron'
import { SubletError } from '../domain/errors.ts'
import { isAllowedAddress } from './allowed-address.ts'

/** Shows an existing file or folder in the system's file manager. */
export function reveal(wanted: string): void {
  stat(wanted)
  shell.showItemInFolder(wanted)
}

/** Opens an existing folder. Everything that the system could run is only shown. */
export async function openFolder(wanted: string): Promise<void> {
  if (!isPlainFolder(wanted, stat(wanted).isDirectory())) {
    shell.showItemInFolder(wanted)
    return
  }
  const problem = await shell.openPath(wanted)
  if (problem === '') return
  throw new SubletError('unavailable', `The folder ${wanted} could not be opened: ${problem}.`)
}

/** Hands an address on the list to the system; refuses every other. */
export async function openAddress(address: string): Promise<void> {
  if (!isAllowedAddress(address)) {
    throw new SubletError('permission', 'Sublet opens only known sites and folders in VS Code.')
  }
  try {
    await shell.openExternal(address)
  } catch (error) {
    throw new SubletError('unavailable', 'The system has no program for this address.', {
      cause: error,
    })
  }
}

/** macOS and Windows run some folders, by their name's ending. */
export function isPlainFolder(
  wanted: string,
  isDirectory: boolean,
  platform: NodeJS.Platform = process.platform,
): boolean {
  return isDirectory && (platform === 'linux' || path.extname(wanted) === '')
}

function stat(wanted: string) {
  if (!path.isAbsolute(wanted)) throw new SubletError('invalid', 'A whole path is needed.')
  const found = statSync(wanted, { throwIfNoEntry: false })
  if (found !== undefined) return found
  throw new SubletError('not-found', `${wanted} is not there any more.`)
}
