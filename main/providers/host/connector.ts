import type { Machine } from '../../machine/machine.ts'
import type { SshTarget } from '../provider.ts'

/** What the provider of own hosts needs of SSH; `machine/ssh` implements it. */
export interface HostConnector {
  /**
   * Where an address or an alias of the user's ssh configuration leads. `hostKeys` are the target's
   * trusted keys; those of jumps come from the pins. Fails with `invalid` or `unsupported`.
   */
  resolve(
    address: string,
    known: { readonly identityFile: string | null; readonly hostKeys: readonly string[] },
  ): Promise<SshTarget>
  /** Fails with `unreachable`, `auth` or `host-key`. */
  connect(
    target: SshTarget,
    options: { readonly signal: AbortSignal; readonly agentSocket: string | undefined },
  ): Promise<Machine>
}
