/** Where it answers; other than the real place only in tests. */
export interface VastPlace {
  readonly baseUrl: string
  readonly requestTimeoutMs: number
}

/** Its real address (the servers of the API description, 2026-08). */
export const realPlace: VastPlace = {
  baseUrl: 'https://console.vast.ai',
  requestTimeoutMs: 30_000,
}
