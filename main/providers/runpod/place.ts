/** Where it answers; other than the real place only in tests. */
export interface RunpodPlace {
  readonly baseUrl: string
  readonly requestTimeoutMs: number
}

/** Its real address. */
export const realPlace: RunpodPlace = {
  baseUrl: 'https://api.runpod.io',
  requestTimeoutMs: 30_000,
}
