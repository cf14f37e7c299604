import type { Billable } from '../../preload/contract/rental.ts'
import { SubletError } from '../domain/errors.ts'
import { EvidenceNotes } from './evidence.ts'
import type { BillableOutcome, BillableRef } from './provider.ts'
import type { ReleaseParts } from './release-rental.ts'

/** Ends one listed thing by its kind and id; `gone` only when the provider's own list agrees. */
export async function releaseListed(
  parts: Pick<
    ReleaseParts,
    'clock' | 'name' | 'pollAfterMs' | 'listing' | 'list' | 'end' | 'isEnding'
  >,
  target: BillableRef,
): Promise<BillableOutcome> {
  const { clock, name, pollAfterMs, listing } = parts
  const notes = new EvidenceNotes(clock)
  const before = await listed(parts, target)
  if (before !== undefined && !parts.isEnding(before)) {
    if (before.kind === 'other') {
      throw new SubletError('unsupported', `${name} does not say how ${before.nativeId} is ended.`)
    }
    const { asked, answered } = await parts.end(before)
    notes.note(asked, answered)
  }
  const after = before === undefined ? before : await listed(parts, target)
  if (after !== undefined) {
    const message = `${name} still lists ${after.kind} ${after.nativeId}.`
    return { kind: 'pending', message, pollAfterMs }
  }
  notes.note(listing, `${target.nativeId} is not listed`)
  return { kind: 'gone', evidence: notes.all() }
}

async function listed(
  { list }: Pick<ReleaseParts, 'list'>,
  { kind, nativeId }: BillableRef,
): Promise<Billable | undefined> {
  for await (const row of list()) {
    if (row.kind === kind && row.nativeId === nativeId) return row
  }
  return undefined
}
