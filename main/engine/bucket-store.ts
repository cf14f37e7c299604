import { bucketConfigSchema, type BucketConfig } from '../../preload/contract/bucket.ts'
import type { ResultBucket } from '../bucket/bucket.ts'
import { s3Bucket } from '../bucket/s3-bucket.ts'
import { SubletError } from '../domain/errors.ts'
import type { ConfiguredBucket, ResultBuckets } from '../jobs/ports.ts'
import type { Redactor } from '../logging/redactor.ts'
import type { Vault } from '../secrets/vault.ts'
import type { SettingStore } from '../settings/settings.ts'

const row = 'resultBucket'
const service = 'sublet/bucket'
const account = 'secret-key'

/** The bucket for results: its place in the database, its secret key in the keychain. */
export class BucketStore implements ResultBuckets {
  readonly #rows: SettingStore
  readonly #vault: Vault
  readonly #redactor: Redactor
  readonly #open: (config: BucketConfig, secretKey: string) => ResultBucket

  constructor(rows: SettingStore, vault: Vault, redactor: Redactor, open = s3Bucket) {
    this.#rows = rows
    this.#vault = vault
    this.#redactor = redactor
    this.#open = open
  }

  config(): BucketConfig | null {
    const text = this.#rows.read(row)
    return text === null ? null : bucketConfigSchema.parse(JSON.parse(text))
  }

  async set(config: BucketConfig, secretKey: string): Promise<void> {
    this.#redactor.add(secretKey)
    await this.#vault.setPassword(service, account, secretKey)
    this.#rows.write(row, JSON.stringify(config))
  }

  async remove(): Promise<void> {
    await this.#vault.deletePassword(service, account)
    this.#rows.remove(row)
  }

  async open(): Promise<ConfiguredBucket | null> {
    const config = this.config()
    if (config === null) return null
    const secretKey = await this.#vault.getPassword(service, account)
    if (secretKey === null) {
      throw new SubletError(
        'auth',
        'The secret key of the bucket for results is not stored here any more: set it again in Settings, or with "sublet bucket set".',
      )
    }
    this.#redactor.add(secretKey)
    return { bucket: this.#open(config, secretKey), deleteWhenHome: config.deleteWhenHome }
  }
}
