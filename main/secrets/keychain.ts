import { AsyncEntry } from '@napi-rs/keyring'
import { SubletError } from '../domain/errors.ts'
import type { PasswordStore } from './vault.ts'

/** What the Windows Credential Manager takes: 2560 bytes of UTF-16. Elsewhere the same, so that homes can move. */
const maxUtf16Units = 1_280

/**
 * The system's keychain. Pinned to the Secret Service on Linux: by default the library falls back
 * silently to a kernel keyring that a reboot empties. Each call ends within `timeoutMs`, because
 * a locked keychain waits for its user.
 */
export function keychainStore(timeoutMs: number): PasswordStore {
  const entry = (service: string, account: string) =>
    new AsyncEntry(service, account, { linux: { store: 'secret-service' } })
  return {
    get: (service, account) =>
      asked(timeoutMs, async () => (await entry(service, account).getPassword()) ?? null),
    set: async (service, account, value) => {
      if (value.length > maxUtf16Units) {
        throw new SubletError(
          'invalid',
          `The value of ${account} has ${value.length} characters; a keychain entry holds at most ${maxUtf16Units}. Store a shorter token.`,
        )
      }
      await asked(timeoutMs, () => entry(service, account).setPassword(value))
    },
    delete: (service, account) => asked(timeoutMs, () => entry(service, account).deletePassword()),
  }
}

async function asked<T>(timeoutMs: number, work: () => Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(
        new SubletError(
          'keychain',
          'The keychain does not answer; unlock it (it may be waiting for your password) and try again.',
        ),
      )
    }, timeoutMs)
  })
  try {
    return await Promise.race([work(), tooLate])
  } catch (error) {
    if (error instanceof SubletError) throw error
    const reason = error instanceof Error ? error.message : String(error)
    throw new SubletError('keychain', refusal(oneLine(reason)), {
      nativeCode: oneLine(reason),
      cause: error,
    })
  } finally {
    clearTimeout(timer)
  }
}

/** The commonest refusal on Linux is that there is nobody to ask. */
function refusal(reason: string): string {
  return /dbus|org\.freedesktop\.secrets/i.test(reason)
    ? 'no Secret Service answers in this session; start one such as gnome-keyring or KWallet.'
    : `it refused (${reason}).`
}

function oneLine(text: string): string {
  return text
    .replaceAll(/\s+/g, ' ')
    .replace(/[.\s]+$/, '')
    .slice(0, 300)
}
