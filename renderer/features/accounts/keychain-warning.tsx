import type { KeychainState } from '../../../preload/contract/account.ts'
import { Note } from '../../ui/error-notice.tsx'
import styles from './accounts.module.css'

/** Says that secrets are gone with the engine, and what to do; nothing where there is a keychain. */
export function KeychainWarning({ keychain }: { readonly keychain: KeychainState }) {
  if (keychain.kind === 'keychain') return null
  return (
    <div className={styles['warning']}>
      <Note warn>
        <b>{keychain.sentence}</b>
        <ul>
          <li>
            On Linux, install and start a keychain such as gnome-keyring or KWallet, sign in again,
            then restart the engine.
          </li>
          <li>
            Or set the provider’s usual environment variable before you start Sublet; each form
            names it.
          </li>
          <li>
            Until then only machines with a lease of their own stop by themselves once the engine
            has ended.
          </li>
        </ul>
      </Note>
    </div>
  )
}
