import type { JobDetail, JobSummary } from '../../preload/contract/job.ts'
import type { Proposal } from '../../preload/contract/proposal.ts'
import type { JobSpec } from '../../preload/contract/job-spec.ts'
import type { LedgerEntry } from '../../preload/contract/ledger.ts'
import type { Micros } from '../../preload/contract/money.ts'
import type { Offer } from '../../preload/contract/offer.ts'
import type { Receipt } from '../../preload/contract/rental.ts'

export * from './fake-accounts.ts'

/** Fixed answers for tests of clients. The time is 2026-03-01 17:05:00 UTC. */
export const now = Date.UTC(2026, 2, 1, 17, 5)
export const micros = (amount: number): Micros => amount as Micros
const rentalId = 'sublet-01k9zzzzzzzzzzzzzzzzzzzzzz'

export const offer: Offer = {
  id: 'sandbox:sandbox:gpu-1x-a100:sim-north:od',
  providerId: 'sandbox',
  accountId: 'sandbox',
  machineType: 'gpu-1x-a100',
  region: 'sim-north',
  gpu: { name: 'A100', vendor: 'nvidia', count: 1, vramGiB: 80 },
  vcpus: 8,
  memoryGiB: 64,
  diskGiB: 200,
  arch: 'x86_64',
  spot: false,
  microsPerHour: micros(800_000),
  billing: {
    incrementMs: 1_000,
    minimumMs: 60_000,
    startsAt: 'running',
    diskMicrosPerGibHour: micros(0),
    egressMicrosPerGib: micros(0),
  },
  availability: 'available',
  expectedBootMs: 20_000,
  fetchedAt: now - 120_000,
  source: 'live',
  simulated: true,
}

export const spec: JobSpec = {
  name: 'train',
  project: null,
  tags: {},
  entry: { kind: 'python', path: 'train.py', args: [] },
  code: { path: '/home/ada/train', single: false },
  data: [{ path: '/home/ada/images', name: 'images' }],
  outputDir: '/home/ada/sublet-output/train',
  outputs: [],
  setup: [],
  baseDir: '/home/ada',
  before: [],
  after: [],
  environment: { kind: 'machine' },
  env: {},
  secrets: [],
  needs: { gpus: 1, arch: 'x86_64' },
  limits: {
    maxMicrosPerHour: null,
    budgetMicros: null,
    maxDurationMs: null,
    keepWarmMs: 600_000,
    keepWarmChosen: false,
    afterExitMs: 7_200_000,
    graceMs: 30_000,
  },
  checkpointSignal: null,
  retries: 3,
}

const estimate = {
  lowMicros: micros(40_000),
  expectedMicros: micros(44_500),
  highMicros: micros(120_000),
  expectedDurationMs: 200_000,
  parts: [{ part: 'compute' as const, micros: micros(44_500), because: '200 s at $0.80/h' }],
  reasons: [],
}

const collection = {
  bytes: 100_000_000,
  sizeFrom: 'assumed' as const,
  bytesPerSecond: 20_000_000,
  speedFrom: 'assumed' as const,
  ms: 10_000,
  egressMicros: micros(0),
  machineMicros: micros(2_300),
}

const verdict = {
  stopsByItself: true,
  endsAt: now + 3_600_000,
  levels: [
    { level: 'provider' as const, holds: true, endsAt: now + 3_600_000, because: 'Read back.' },
  ],
}
const ceiling = {
  microsPerHour: micros(800_000),
  micros: micros(400_000),
  endBy: now + 3_600_000,
}

export const proposal: Proposal = {
  spec,
  understood: ['Runs train.py (a Python script).', 'Wants one GPU, because it uses torch.'],
  warnings: ['The data images lies in the work folder.'],
  excluded: [{ path: '.venv', bytes: 1_200_000_000, why: 'an environment' }],
  uploadBytes: 3_400_000,
  options: [
    {
      offer,
      estimate,
      collection,
      stopsByItself: true,
      stopsBecause: 'The provider itself ends it.',
    },
    {
      offer: { ...offer, id: 'second', microsPerHour: micros(900_000) },
      estimate: { ...estimate, expectedMicros: micros(50_000), highMicros: micros(140_000) },
      collection,
      stopsByItself: true,
      stopsBecause: 'The provider itself ends it.',
    },
  ],
  offersTotal: 2,
  chosenOfferId: offer.id,
  wantedProblem: null,
  sources: [
    { providerId: 'sandbox', accountId: 'sandbox', ok: true, sentence: '2 offers.', dropped: 0 },
  ],
  earlierRuns: 0,
  offers: [offer, { ...offer, id: 'second', microsPerHour: micros(900_000) }],
  estimate,
  collection,
  ceiling,
  budgetLimit: null,
  verdict,
  warm: null,
}

export const unleasedProposal: Proposal = {
  ...proposal,
  verdict: {
    stopsByItself: false,
    endsAt: null,
    levels: [
      { level: 'provider', holds: false, endsAt: null, because: 'The provider has no expiry.' },
      {
        level: 'machine',
        holds: false,
        endsAt: null,
        because: 'It cannot be switched off from inside.',
      },
      { level: 'client', holds: true, endsAt: now + 3_600_000, because: 'This computer ends it.' },
    ],
  },
}

export const queuedJob: JobSummary = {
  id: 'job-01k9zzzzzzzzzzzzzzzzzzzzzz',
  name: 'train',
  project: null,
  state: 'queued',
  progress: { fraction: 0, sentence: 'Waiting for its turn.' },
  createdAt: now,
  startedAt: now,
  endedAt: null,
  rentalId,
  offer,
  costMicros: micros(0),
  settled: false,
  endBy: now + 3_600_000,
  endBecause: null,
  exitCode: null,
  error: null,
  outputDir: '/home/ada/sublet-output/train',
  ceiling,
  stopsByItself: true,
  expected: { micros: micros(44_500), endsAt: now + 200_000, known: true },
  machine: 'A100 · Sandbox, sim-north',
  stop: null,
}

export const receipt: Receipt = {
  rentalId,
  providerId: 'sandbox',
  accountId: 'sandbox',
  instanceId: 'sim-1',
  confirmedAt: now + 57_000,
  billedFrom: now,
  billedTo: now + 192_000,
  billedMicros: micros(42_700),
  evidence: [{ asked: 'DELETE /machines/sim-1', answered: '200 gone', at: now + 57_000 }],
}

export const detail: JobDetail = {
  summary: queuedJob,
  spec,
  ceiling,
  estimate,
  verdict,
  hostKey: { from: 'published', fingerprint: 'SHA256:x', keptBecause: null },
  timeline: [
    { at: now, until: now + 2_000, state: 'queued', sentence: 'Waiting for its turn.' },
    { at: now + 2_000, until: null, state: 'running', sentence: 'Running.' },
  ],
  attempts: [
    {
      id: 'attempt-1',
      rentalId,
      offerId: offer.id,
      startedAt: now,
      exitCode: 0,
      gpuIndices: null,
    },
  ],
  overhead: {
    reachableToStartedMs: 1_200,
    verifiedToReleaseMs: 300,
    usefulMs: 182_000,
    billedMs: 192_000,
  },
  outputs: { files: 12, bytes: 34_000_000, verified: true, warnings: [] },
  receipts: [],
  warnings: [],
  inputsOf: null,
  collection: null,
}

export const billable = {
  kind: 'machine' as const,
  providerId: 'sandbox',
  accountId: 'sandbox',
  nativeId: 'sim-1',
  name: rentalId,
  rentalId,
  homeId: 'home',
  state: 'running',
  region: 'sim-north',
  microsPerHour: micros(800_000),
  createdAt: now - 60_000,
  ours: true,
  use: 'in-use' as const,
  jobId: queuedJob.id,
  jobName: queuedJob.name,
  accountName: 'sandbox',
  simulated: true,
  microsPerMonth: micros(584_000_000),
  fetchedAt: now - 30_000,
  releasing: null,
  release: 'now' as const,
  releaseSentence: 'Rented by this Sublet.',
  link: null,
}

export const askedAccount = {
  accountId: 'sandbox',
  accountName: 'sandbox',
  providerId: 'sandbox',
  simulated: true,
  fetchedAt: now - 30_000,
  problem: null,
}

export const entry: LedgerEntry = {
  id: 'entry-1',
  rentalId,
  accountId: 'sandbox',
  providerId: 'sandbox',
  jobId: queuedJob.id,
  jobName: 'train',
  project: null,
  gpu: 'A100',
  part: 'compute',
  from: now,
  to: now + 192_000,
  micros: micros(42_700),
  meteredMicros: micros(42_700),
  billedMs: 192_000,
  usefulMs: 182_000,
  status: 'metered',
  estimateMicros: micros(44_500),
  receiptAt: now + 193_000,
  simulated: true,
}
