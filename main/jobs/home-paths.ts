import { createHash } from 'node:crypto'
import { join } from 'node:path'
import type { RentalId } from '../../preload/contract/rental.ts'

/** Where things of jobs and rentals stand in a Sublet home. All folders are 0700. */
export class HomePaths {
  readonly home: string

  constructor(home: string) {
    this.home = home
  }

  /** Content-addressed copies of small inputs, shared by all jobs. */
  get blobs(): string {
    return join(this.home, 'blobs')
  }

  job(jobId: string): string {
    return join(this.home, 'jobs', jobId)
  }

  /** Copies of what was dropped on a page in the browser, one folder a drop. */
  get drops(): string {
    return join(this.home, 'drops')
  }

  /** The frozen inputs of a job. */
  inputs(jobId: string): string {
    return join(this.job(jobId), 'inputs.json')
  }

  /** What of an attempt's results waits in the bucket. */
  stored(jobId: string, attemptId: string): string {
    return join(this.job(jobId), `${attemptId}.stored.json`)
  }

  /** What Sublet wrote into an output folder, by whichever job: only that may be replaced there. */
  mirrorState(outputDir: string): string {
    const name = createHash('sha256').update(outputDir).digest('hex').slice(0, 24)
    return join(this.home, 'outputs', `${name}.json`)
  }

  /** How quickly bytes came home from where. */
  get linkSpeeds(): string {
    return join(this.home, 'link-speeds.json')
  }

  log(jobId: string, attemptId: string): string {
    return join(this.job(jobId), `${attemptId}.log`)
  }

  /** One JSON line per sample. */
  metrics(jobId: string, attemptId: string): string {
    return join(this.job(jobId), `${attemptId}.metrics`)
  }

  /** The same samples for fast reading; made anew from `metrics` whenever it is missing. */
  metricsColumns(jobId: string, attemptId: string): string {
    return `${this.metrics(jobId, attemptId)}.columns`
  }

  /** One private folder for each rental without receipt. */
  get rentals(): string {
    return join(this.home, 'rentals')
  }

  /** A rental's private folder: its SSH key and pins, until the receipt. */
  rental(rentalId: RentalId): string {
    return join(this.rentals, rentalId)
  }

  rentalKey(rentalId: RentalId): string {
    return join(this.rental(rentalId), 'id_ed25519')
  }

  /** The host key that goes along with the launch, where the provider injects it. */
  injectedHostKey(rentalId: RentalId): string {
    return join(this.rental(rentalId), 'host_ed25519')
  }

  knownHosts(rentalId: RentalId): string {
    return join(this.rental(rentalId), 'known_hosts')
  }

  /** Keys of jump hosts, pinned when first seen. */
  get hostPins(): string {
    return join(this.home, 'known_hosts')
  }

  /** Where a provider may keep state of its own. */
  provider(providerId: string): string {
    return join(this.home, 'providers', providerId)
  }
}
