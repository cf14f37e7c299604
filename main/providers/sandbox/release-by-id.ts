import { z } from 'zod'
import type { Clock } from '../../domain/clock.ts'
import { SubletError } from '../../domain/errors.ts'
import type { BillableOutcome, BillableRef } from '../provider.ts'
import type { SandboxApi } from './api.ts'
import { wireBillableSchema } from './wire.ts'

const pollAfterMs = 500

/** Where each kind of thing is ended. */
export const folders = {
  machine: 'machines',
  disk: 'disks',
  address: 'addresses',
  'spot-request': 'spot-requests',
} as const

/** Ends one listed thing by its id; `gone` only when the cloud's own list agrees. */
export async function releaseById(
  api: SandboxApi,
  clock: Clock,
  { kind, nativeId }: BillableRef,
  signal: AbortSignal,
): Promise<BillableOutcome> {
  if (kind === 'other') {
    throw new SubletError('unsupported', `The sandbox does not say how ${nativeId} is ended.`)
  }
  const path = `/v1/${folders[kind]}/${encodeURIComponent(nativeId)}`
  const answered = await api.call(z.unknown(), { method: 'DELETE', path }, signal).then(
    () => 'accepted',
    (thrown: unknown) => {
      if (thrown instanceof SubletError && thrown.code === 'not-found') return thrown.message
      throw thrown
    },
  )
  const askedAt = clock.now()
  for await (const row of api.pages(wireBillableSchema, '/v1/billables', signal)) {
    if (row.kind !== kind || row.id !== nativeId) continue
    return { kind: 'pending', message: `The sandbox still lists ${kind} ${nativeId}.`, pollAfterMs }
  }
  return {
    kind: 'gone',
    evidence: [
      { asked: `DELETE ${path}`, answered, at: askedAt },
      { asked: 'GET /v1/billables', answered: `${nativeId} is not listed`, at: clock.now() },
    ],
  }
}
