/** Where it answers; other than the real place only in tests. */
export interface DigitalOceanPlace {
  readonly baseUrl: string
  /** Where machines answer by SSH. */
  readonly sshPort: number
  readonly requestTimeoutMs: number
}

/** Its real address. */
export const realPlace: DigitalOceanPlace = {
  baseUrl: 'https://api.digitalocean.com/v2',
  sshPort: 22,
  requestTimeoutMs: 30_000,
}
