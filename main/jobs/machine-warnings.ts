import type { Offer } from '../../preload/contract/offer.ts'
import type { MachineFacts } from '../domain/machine-facts.ts'
import type { Inputs } from './inputs.ts'

export async function machineWarnings(
  _facts: MachineFacts,
  _inputs: Inputs,
  _offer: Offer,
): Promise<string[]> {
  return []
}
