import type { z } from 'zod'
import type { Micros } from '../../../preload/contract/money.ts'
import { microsOfUsd } from '../../domain/usd.ts'
import { productSchema } from './wire.ts'

type Terms = z.infer<typeof productSchema>['terms']
type Dimensions = NonNullable<Terms['OnDemand']>[string]['priceDimensions']

/** What one row of the price list says of a machine type, an hour. */
export interface RowPrice {
  readonly machineType: string
  readonly micros: Micros
  /** Reserved for a year without payment in front; null where that is not sold. */
  readonly reservedMicros: Micros | null
}

/** Null for a row without price, or of another market (capacity blocks). */
export function priceIn(row: string): RowPrice | null {
  const read = productSchema.safeParse(jsonOf(row))
  if (!read.success) return null
  const { instanceType, marketoption = 'OnDemand' } = read.data.product.attributes
  if (marketoption !== 'OnDemand') return null
  const { OnDemand: onDemand = {}, Reserved: reserved = {} } = read.data.terms
  const micros = dearest(Object.values(onDemand).map((term) => term.priceDimensions))
  if (micros === null) return null
  const yearly = Object.values(reserved).filter(
    ({ termAttributes: { LeaseContractLength, PurchaseOption, OfferingClass } }) =>
      LeaseContractLength === '1yr' &&
      PurchaseOption === 'No Upfront' &&
      OfferingClass === 'standard',
  )
  const reservedMicros = dearest(yearly.map((term) => term.priceDimensions))
  return { machineType: instanceType, micros, reservedMicros }
}

function dearest(terms: readonly Dimensions[]): Micros | null {
  const prices = terms
    .flatMap((dimensions) => Object.values(dimensions))
    .flatMap(({ unit, pricePerUnit: { USD } }) => {
      const price = unit === 'Hrs' && USD !== undefined ? microsOfUsd(USD) : 0
      return price > 0 ? [price] : []
    })
  return prices.length === 0 ? null : (Math.max(...prices) as Micros)
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null // The schema refuses it.
  }
}
