/** Flags of `sublet run`, as commander hands them over. */
export interface RunOptions {
  readonly script?: string
  readonly data?: readonly string[]
  readonly output?: string
  readonly command?: string
  readonly setup?: readonly string[]
  readonly image?: string
  readonly provider?: string
  readonly account?: string
  readonly host?: string
  readonly region?: string
  readonly gpu?: string
  readonly minVram?: number
  readonly gpus?: number
  readonly maxPrice?: string
  readonly spot?: boolean
  readonly budget?: string
  readonly maxDuration?: string
  readonly keepWarm?: string
  readonly mirror?: string
  readonly results?: string
  readonly outputSize?: string
  readonly env?: Readonly<Record<string, string>>
  readonly secret?: readonly string[]
  readonly name?: string
  readonly project?: string
  readonly tag?: Readonly<Record<string, string>>
  readonly detach?: boolean
  readonly yes?: boolean
  readonly acceptNoLease?: boolean
  readonly json?: boolean
}
