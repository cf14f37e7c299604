/** Where it answers and how it is asked; other than the real place only in tests. */
export interface AwsPlace {
  /** Instead of Amazon's own addresses, before the user's AWS_ENDPOINT_URL. */
  readonly endpoint?: string
  /** Says the address that this computer is seen with, as plain text. */
  readonly ownAddressUrl: string
  /** Owner of the machine images that are looked for where there is no parameter. */
  readonly imageOwner: string
  /** Where machines answer by SSH. */
  readonly sshPort: number
  readonly requestTimeoutMs: number
}

/** Its real addresses. */
export const realPlace: AwsPlace = {
  ownAddressUrl: 'https://checkip.amazonaws.com',
  // Amazon's account of the Deep Learning AMIs (dstack's backend for AWS, 2026-08).
  imageOwner: '898082745236',
  sshPort: 22,
  // Less than gathering offers may take, so that one dead region does not cost all the others.
  requestTimeoutMs: 15_000,
}
