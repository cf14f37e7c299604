import type { HostKey } from '../../preload/contract/account.ts'
import { SubletError } from '../domain/errors.ts'
import { type CliContext, say } from './context.ts'
import { inertLine } from './format/inert.ts'
import { isYes } from './run/confirm.ts'

interface Scan {
  readonly address: string
  readonly port: number
  readonly keys: readonly HostKey[]
}

/**
 * The keys of a host that the user trusts: those whose fingerprints were given, or all after a yes.
 * Fails with `confirmation-needed`, naming the fingerprints, where nobody can be asked.
 */
export async function trustedKeys(
  context: CliContext,
  scan: Scan,
  fingerprints: readonly string[],
): Promise<readonly HostKey[]> {
  const place = `${inertLine(scan.address)}:${scan.port}`
  const shown = scan.keys.map((key) => `${key.fingerprint} (${key.key.split(' ')[0] ?? ''})`)
  if (fingerprints.length > 0) {
    const wanted = new Set(fingerprints.map((one) => one.replace(/=+$/, '')))
    const trusted = scan.keys.filter((key) => wanted.has(key.fingerprint.replace(/=+$/, '')))
    if (trusted.length > 0) return trusted
    throw new SubletError(
      'host-key',
      `${place} shows another key than the fingerprint you gave: it shows ${shown.join(', ')}; do not trust it unless you know why.`,
    )
  }
  if (!context.io.canAsk) {
    throw new SubletError(
      'confirmation-needed',
      `Trusting ${place} needs a yes and there is no terminal to ask on: compare its key and add --fingerprint ${scan.keys[0]?.fingerprint ?? 'SHA256:…'} (it shows ${shown.join(', ')}).`,
    )
  }
  say(context, `${place} shows ${scan.keys.length === 1 ? 'this key' : 'these keys'}:`)
  for (const line of shown) say(context, `  ${line}`)
  const answer = await context.io.ask('Is it the right machine, and do you trust it? [y/N] ')
  if (!isYes(answer)) throw new SubletError('cancelled', 'The host was not added.')
  return scan.keys
}
