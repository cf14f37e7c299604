import type { HostKey } from '../../preload/contract/rental.ts'

const origins: Readonly<Record<HostKey['from'], string>> = {
  injected: 'sent along with the launch',
  published: 'published by the provider',
  confirmed: 'confirmed by you',
  'first-use': 'trusted when it was first seen, because the provider does not publish it',
}

/** Which host key a machine is known by, and where Sublet has it from: one sentence. */
export function hostKeySentence({ from, fingerprint, keptBecause }: HostKey): string {
  const origin =
    from === 'injected' && keptBecause === null
      ? 'made by the machine in place of the one sent along with the launch'
      : origins[from]
  return `Host key: ${fingerprint}, ${origin}.`
}

/** What the user should know about the machine's host key. */
export function hostKeyWarnings(hostKey: HostKey | null): string[] {
  if (hostKey?.from !== 'injected' || hostKey.keptBecause === null) return []
  return [
    `The host key that came with the launch was not replaced: ${hostKey.keptBecause}. Whoever can read the machine's user data could pass for this machine.`,
  ]
}
