/** What travels through a message port: a frame of the contract, or the word that it ends. */
export type PortEnvelope =
  | { readonly kind: 'frame'; readonly frame: unknown }
  | { readonly kind: 'close'; readonly reason: string }

/** Reads what came through a port; null when it is neither. */
export function readEnvelope(data: unknown): PortEnvelope | null {
  if (typeof data !== 'object' || data === null || !('kind' in data)) return null
  if (data.kind === 'frame' && 'frame' in data) return { kind: 'frame', frame: data.frame }
  if (data.kind === 'close' && 'reason' in data && typeof data.reason === 'string') {
    return { kind: 'close', reason: data.reason }
  }
  return null
}
