/** Where a cloud and its machines answer; other than the real place only in tests. */
export interface CloudPlace {
  /** Of its API, without a slash at its end. */
  readonly baseUrl: string
  /** Where machines answer by SSH. */
  readonly sshPort: number
  readonly requestTimeoutMs: number
}
