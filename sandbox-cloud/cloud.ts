import { randomBytes } from 'node:crypto'
import { ApiError, invalid, notFound } from './api/errors.ts'
import { catalogue } from './catalogue.ts'
import type { SandboxClock } from './clock.ts'
import type { ExtraKind, ExtraRecord, Extras } from './extras.ts'
import type { Faults } from './faults.ts'
import { injectedHostKey, newHostKey, publicKeyProblem } from './host-key.ts'
import type { Lifecycle } from './lifecycle.ts'
import { catalogueName } from './many-offers.ts'
import type { Machines } from './machines.ts'
import type { OfferRow, PriceList } from './offers.ts'
import { isLive } from './records.ts'
import type { MachineRecord } from './records.ts'

/** A launch as the API takes it. */
export interface LaunchInput {
  readonly name: string
  readonly type: string
  readonly region: string
  readonly spot: boolean
  readonly publicKey: string
  readonly tags: Readonly<Record<string, string>>
  readonly diskGiB: number | null
  readonly maxMicrosPerHour: number | null
  readonly expiresAt: number | null
  readonly image: string | null
  readonly userData: string | null
}

/** What customers of the cloud can do. The HTTP layer adds authentication and faults. */
export class Cloud {
  readonly #clock: SandboxClock
  readonly #machines: Machines
  readonly #lifecycle: Lifecycle
  readonly #extras: Extras
  readonly #faults: Faults
  readonly #prices: PriceList
  readonly #quota: () => number

  constructor(parts: {
    readonly clock: SandboxClock
    readonly machines: Machines
    readonly lifecycle: Lifecycle
    readonly extras: Extras
    readonly faults: Faults
    readonly prices: PriceList
    readonly quota: () => number
  }) {
    this.#clock = parts.clock
    this.#machines = parts.machines
    this.#lifecycle = parts.lifecycle
    this.#extras = parts.extras
    this.#faults = parts.faults
    this.#prices = parts.prices
    this.#quota = parts.quota
  }

  offers(): readonly OfferRow[] {
    const live = this.#machines.live()
    return this.#prices.rows(
      (type, region) =>
        live.filter((machine) => machine.type === type && machine.region === region).length,
    )
  }

  /**
   * Rents a machine, or answers with the one that this name has already rented. `again`: rents
   * another one of that name, which customers cannot ask for.
   */
  launch(input: LaunchInput, { again = false }: { readonly again?: boolean } = {}): MachineRecord {
    const existing = again ? undefined : this.#machines.byName(input.name)
    if (existing !== undefined) return sameLaunch(existing, input)
    const problem = publicKeyProblem(input.publicKey)
    if (problem !== null) throw invalid(problem)
    const type = catalogue.find(({ name }) => name === catalogueName(input.type))
    const offer = this.offers().find(
      (row) => row.type === input.type && row.region === input.region && row.spot === input.spot,
    )
    if (type === undefined || offer === undefined) {
      throw invalid(
        `The sandbox has no ${input.spot ? 'spot ' : ''}machine type ${input.type} in ${input.region}.`,
      )
    }
    if (input.image !== null && !type.images)
      throw invalid(`Machine type ${type.name} does not start from an image.`)
    if (this.#machines.live().length >= this.#quota()) {
      throw new ApiError(
        403,
        'QUOTA_EXCEEDED',
        `The quota of ${this.#quota()} machines is used up.`,
      )
    }
    if (offer.available === 0) {
      throw new ApiError(
        409,
        'NO_CAPACITY',
        `There is no capacity for ${type.name} in ${input.region} right now.`,
      )
    }
    if (input.maxMicrosPerHour !== null && offer.microsPerHour > input.maxMicrosPerHour) {
      throw new ApiError(
        409,
        'PRICE_MOVED',
        `${type.name} in ${input.region} now costs more than the given maximum.`,
      )
    }
    const now = this.#clock.now()
    const world = <K extends Parameters<Faults['world']>[0]>(kind: K) =>
      this.#faults.world(kind, type.name)
    const key = injectedHostKey(input.userData) ?? newHostKey()
    const record: MachineRecord = {
      id: `sbx-${randomBytes(8).toString('hex')}`,
      name: input.name,
      tags: input.tags,
      type: input.type,
      gpu: type.gpu,
      region: input.region,
      spot: input.spot,
      terms: offer.terms,
      microsPerHour: offer.microsPerHour,
      diskGiB: Math.max(input.diskGiB ?? type.diskGiB, 1),
      image: input.image,
      publicKey: input.publicKey,
      userData: input.userData,
      state: 'booting',
      message: null,
      launchedAt: now,
      bootsAt:
        world('never-boots') === null ? now + type.bootMs + (world('slow-boot')?.ms ?? 0) : null,
      bootFails: world('boot-fails') !== null,
      runningAt: null,
      endedAt: null,
      expiresAt: world('expiry-disabled') === null ? input.expiresAt : null,
      reclaimAt: null,
      visibleAt: now + (world('invisible')?.ms ?? 0),
      listedUntil: null,
      releasedAt: null,
      leaveDisk: world('leftover-disk') !== null,
      diskLeft: false,
      leaves: [
        ...(world('leftover-address') === null ? [] : (['address'] as const)),
        ...(world('leftover-spot-request') === null ? [] : (['spot-request'] as const)),
      ],
      hostKeyPrivate: key.privateKey,
      hostKeyPublic: world('wrong-published-key') === null ? key.publicKey : newHostKey().publicKey,
      port: null,
      egressBytes: 0,
      token: randomBytes(24).toString('hex'),
    }
    this.#machines.save(record)
    this.#lifecycle.schedule()
    return record
  }

  /** A machine by id or name, as far as it is visible yet. */
  describe(idOrName: string): MachineRecord {
    const record = this.#machines.byId(idOrName) ?? this.#machines.byName(idOrName)
    if (record === undefined || record.visibleAt > this.#clock.now())
      throw notFound(`machine ${idOrName}`)
    return record
  }

  /** Everything that costs money, or that still claims to. */
  listed(): readonly MachineRecord[] {
    const now = this.#clock.now()
    return this.#machines
      .all()
      .filter(
        (record) =>
          record.visibleAt <= now &&
          (isLive(record) || (record.listedUntil ?? 0) > now || record.diskLeft),
      )
  }

  async release(idOrName: string): Promise<MachineRecord> {
    const { id } = this.describe(idOrName)
    await this.#lifecycle.end(id, this.#clock.now(), 'Released by its owner.')
    return this.#machines.mustBe(id)
  }

  /** Everything listed that is no machine. */
  extras(): readonly ExtraRecord[] {
    return this.#extras.live()
  }

  /** Deletes a disk that stayed behind, or an address or spot request. */
  releaseExtra(kind: ExtraKind, id: string): void {
    const record = kind === 'disk' ? this.#machines.byId(id.replace(/-disk$/, '')) : undefined
    if (record?.diskLeft === true) this.#machines.update(record.id, { diskLeft: false })
    else this.#extras.end(kind, id, this.#clock.now())
  }

  setExpiry(idOrName: string, expiresAt: number | null): MachineRecord {
    const record = this.describe(idOrName)
    if (!isLive(record)) throw notFound(`live machine ${idOrName}`)
    if (this.#faults.world('expiry-disabled', record.type) !== null) return record
    const updated = this.#machines.update(record.id, { expiresAt })
    this.#lifecycle.schedule()
    return updated
  }
}

function sameLaunch(existing: MachineRecord, input: LaunchInput): MachineRecord {
  const same =
    existing.type === input.type &&
    existing.region === input.region &&
    existing.spot === input.spot &&
    existing.publicKey === input.publicKey
  if (!same)
    throw new ApiError(
      409,
      'CONFLICT',
      `The name ${input.name} has already rented another machine.`,
    )
  if (!isLive(existing))
    throw new ApiError(409, 'CONFLICT', `The machine ${input.name} has already ended.`)
  return existing
}
