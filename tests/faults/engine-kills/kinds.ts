import { jobEventSchema } from '../../../main/domain/job/events.ts'
import { rentalEventSchema } from '../../../main/domain/rental/events.ts'

/** Kinds of the journal that no scenario reaches, each with the reason why it need not. */
const exceptions: Readonly<Record<string, string>> = {
  'job:came-home':
    'It needs a bucket: tests/e2e/bucket.e2e.test.ts kills the engine while results come home from one.',
}

/** Every kind that the journal may hold and a scenario has to reach, as `rental:launched`. */
export function kindsToReach(): readonly string[] {
  const kindsOf = (stream: string, { options }: { readonly options: readonly KindOption[] }) =>
    options.map(({ shape }) => `${stream}:${shape.kind.value}`)
  return [...kindsOf('job', jobEventSchema), ...kindsOf('rental', rentalEventSchema)].filter(
    (kind) => exceptions[kind] === undefined,
  )
}

interface KindOption {
  readonly shape: { readonly kind: { readonly value: string } }
}

/**
 * What the scenarios reach. The small run of `npm test` holds it against the kinds that there are;
 * the whole run, against what was really killed.
 */
export const reachedKinds: readonly string[] = [
  ...[
    'submitted',
    'inputs-frozen',
    'attempt-started',
    'launched',
    'booted',
    'connected',
    'staged',
    'started',
    'exited',
    'collected',
    'release-called',
    'refused',
    'interrupted',
    'stop-requested',
    'extended',
    'extension-refused',
    'gave-up',
    'after-ran',
    'warned',
    'ended',
  ].map((kind) => `job:${kind}`),
  ...[
    'intended',
    'launch-issued',
    'launched',
    'launch-refused',
    'launch-unanswered',
    'reachable',
    'host-key',
    'leased',
    'probed',
    'allocated',
    'freed',
    'lease-moved',
    'kept-warm',
    'egress-measured',
    'release-intended',
    'release-pending',
    'released',
    'reappeared',
  ].map((kind) => `rental:${kind}`),
]

/** Kinds that were not reached; the sentence tells what to do. Null when there is none. */
export function missingKinds(reached: Iterable<string>): string | null {
  const known = new Set(reached)
  const missing = kindsToReach().filter((kind) => !known.has(kind))
  if (missing.length === 0) return null
  return `No scenario is killed at ${missing.join(', ')}: add one to engine-kills/scenarios.ts, or a reason to exceptions in engine-kills/kinds.ts.`
}
