/** Samples further apart are a gap, in which nothing is known. */
const gapMs = 10_000

/** Columns of a history, as an engine answers them; null where nothing was measured. */
export interface RingColumn {
  readonly mean: readonly (number | null)[]
  readonly min: readonly (number | null)[]
  readonly max: readonly (number | null)[]
}

/**
 * Rows of mean, minimum and maximum over time in typed arrays of one fixed size: the newest rows
 * push out the oldest. A row covers `bucketMs`; NaN is what was not measured. No React, no chart.
 */
export class SeriesRing {
  readonly capacity: number
  #columns = 0
  #bucketMs = 1_000
  #start = 0
  #length = 0
  /** Samples in the newest row. */
  #samples = 0
  readonly #at: Float64Array
  #mean: Float32Array = new Float32Array(0)
  #min: Float32Array = new Float32Array(0)
  #max: Float32Array = new Float32Array(0)
  #lastAt = Number.NaN

  constructor(capacity: number) {
    this.capacity = capacity
    this.#at = new Float64Array(capacity)
  }

  get length(): number {
    return this.#length
  }

  get columns(): number {
    return this.#columns
  }

  get bucketMs(): number {
    return this.#bucketMs
  }

  /** The time of the newest sample; NaN while empty. */
  get lastAt(): number {
    return this.#lastAt
  }

  /** Forgets all, and takes so many columns from now on. */
  reset(columns: number, bucketMs: number): void {
    if (columns !== this.#columns) {
      this.#columns = columns
      this.#mean = new Float32Array(columns * this.capacity)
      this.#min = new Float32Array(columns * this.capacity)
      this.#max = new Float32Array(columns * this.capacity)
    }
    this.#bucketMs = bucketMs
    this.#start = 0
    this.#length = 0
    this.#samples = 0
    this.#lastAt = Number.NaN
  }

  /** Replaces everything by a history that reaches to `toAt`; of more rows than fit, the newest stay. */
  load(
    at: readonly number[],
    columns: readonly RingColumn[],
    bucketMs: number,
    toAt: number,
  ): void {
    this.reset(columns.length, bucketMs)
    for (let row = Math.max(0, at.length - this.capacity); row < at.length; row += 1) {
      const place = this.#append(at[row] ?? 0)
      columns.forEach((column, index) => {
        const slot = index * this.capacity + place
        this.#mean[slot] = column.mean[row] ?? Number.NaN
        this.#min[slot] = column.min[row] ?? Number.NaN
        this.#max[slot] = column.max[row] ?? Number.NaN
      })
    }
    this.#samples = Math.max(1, Math.round(bucketMs / 1_000))
    if (at.length > 0) this.#lastAt = toAt
  }

  /** Takes one live sample, a value a column. */
  push(at: number, values: ArrayLike<number>): void {
    const gap = at - this.#lastAt > Math.max(gapMs, this.#bucketMs)
    if (gap) this.#fill(this.#append(Math.round((this.#lastAt + at) / 2)), () => Number.NaN)
    const last = this.#length === 0 ? Number.NaN : this.timeAt(this.#length - 1)
    const sameBucket = !gap && Math.floor(at / this.#bucketMs) <= Math.floor(last / this.#bucketMs)
    if (sameBucket) this.#merge(values)
    else {
      this.#fill(this.#append(at), (column) => values[column] ?? Number.NaN)
      this.#samples = 1
    }
    this.#lastAt = Number.isNaN(this.#lastAt) ? at : Math.max(this.#lastAt, at)
  }

  /** Forgets rows before a time. */
  dropBefore(at: number): void {
    while (this.#length > 0 && this.timeAt(0) < at) {
      this.#start = (this.#start + 1) % this.capacity
      this.#length -= 1
    }
  }

  timeAt(row: number): number {
    return this.#at[this.#place(row)] ?? Number.NaN
  }

  mean(column: number, row: number): number {
    return this.#mean[column * this.capacity + this.#place(row)] ?? Number.NaN
  }

  min(column: number, row: number): number {
    return this.#min[column * this.capacity + this.#place(row)] ?? Number.NaN
  }

  max(column: number, row: number): number {
    return this.#max[column * this.capacity + this.#place(row)] ?? Number.NaN
  }

  /** The row nearest to a time; -1 while empty. */
  nearest(at: number): number {
    if (this.#length === 0) return -1
    let low = 0
    let high = this.#length - 1
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.timeAt(middle) < at) low = middle + 1
      else high = middle
    }
    return low > 0 && at - this.timeAt(low - 1) <= this.timeAt(low) - at ? low - 1 : low
  }

  #place(row: number): number {
    return (this.#start + row) % this.capacity
  }

  #append(at: number): number {
    if (this.#length === this.capacity) this.#start = (this.#start + 1) % this.capacity
    else this.#length += 1
    const place = this.#place(this.#length - 1)
    this.#at[place] = at
    this.#lastAt = at
    return place
  }

  #fill(place: number, valueOf: (column: number) => number): void {
    for (let column = 0; column < this.#columns; column += 1) {
      const slot = column * this.capacity + place
      const value = valueOf(column)
      this.#mean[slot] = value
      this.#min[slot] = value
      this.#max[slot] = value
    }
  }

  #merge(values: ArrayLike<number>): void {
    const place = this.#place(this.#length - 1)
    this.#samples += 1
    for (let column = 0; column < this.#columns; column += 1) {
      const value = values[column] ?? Number.NaN
      if (Number.isNaN(value)) continue
      const slot = column * this.capacity + place
      const mean = this.#mean[slot] ?? Number.NaN
      if (Number.isNaN(mean)) {
        this.#mean[slot] = value
        this.#min[slot] = value
        this.#max[slot] = value
        continue
      }
      this.#mean[slot] = mean + (value - mean) / this.#samples
      this.#min[slot] = Math.min(this.#min[slot] ?? value, value)
      this.#max[slot] = Math.max(this.#max[slot] ?? value, value)
    }
  }
}
