import type { HostKeyPins } from '../../main/machine/ssh/host-key-check.ts'

/** Pins in memory; `keys` shows what was trusted, by host label. */
export function memoryPins(): HostKeyPins & { readonly keys: Map<string, string[]> } {
  const keys = new Map<string, string[]>()
  return {
    keys,
    expected: async (hostLabel) => keys.get(hostLabel) ?? [],
    pin: async (hostLabel, key) => {
      keys.set(hostLabel, [...(keys.get(hostLabel) ?? []), key])
    },
  }
}
