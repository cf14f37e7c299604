/** What a scene is like before anything disturbs it. */
export interface SceneOptions {
  /** Engine and sandbox live this many times as fast. */
  readonly speed: number
  /** Engine time at the beginning (epoch ms); now by default. */
  readonly startAt?: number
  /** The reporting zone. */
  readonly zone?: string
  /** The engine's clock stays behind the provider's: their times cannot be compared. */
  readonly lags?: true
  /** Sizes of the files that go to the machine, and come home again, in bytes. */
  readonly sizes?: readonly number[]
  /** Lines of the log beside those that tell how long it waited. */
  readonly logLines?: number
}
