/** Where it answers; other than the real place only in tests. */
export interface LambdaPlace {
  readonly baseUrl: string
  /** Where machines answer by SSH. */
  readonly sshPort: number
  readonly requestTimeoutMs: number
}

/** Its real address. */
export const realPlace: LambdaPlace = {
  baseUrl: 'https://cloud.lambda.ai/api/v1',
  sshPort: 22,
  requestTimeoutMs: 30_000,
}
