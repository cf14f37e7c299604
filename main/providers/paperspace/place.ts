/** Where it answers; other than the real place only in tests. */
export interface PaperspacePlace {
  readonly baseUrl: string
  /** Where machines answer by SSH. */
  readonly sshPort: number
  readonly requestTimeoutMs: number
}

/** Its real address. */
export const realPlace: PaperspacePlace = {
  baseUrl: 'https://api.paperspace.com/v1',
  sshPort: 22,
  requestTimeoutMs: 30_000,
}
