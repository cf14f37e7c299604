import { CHUNK_BYTES, REQUESTS_IN_FLIGHT, SENDS_IN_FLIGHT } from '../../../main/transfer/window.ts'
import { sshdAvailable } from '../../support/sshd.ts'
import { seededRandom } from '../engine-kills/strikes.ts'
import type { FaultClass } from '../fault-class.ts'
import { cutJob, type JobCutPlan } from '../network/job-cuts.ts'
import {
  largeFile,
  mixedFiles,
  smallFiles,
  transferCuts,
  type CutPlan,
} from '../network/transfer-cuts.ts'

const windowBytes = {
  up: SENDS_IN_FLIGHT * CHUNK_BYTES,
  down: REQUESTS_IN_FLIGHT * CHUNK_BYTES,
} as const

const MB = 1_000_000

/** Twenty cuts through the whole product, thirty over a real SSH server. */
const jobs: readonly JobCutPlan[] = [
  { cuts: 4, sizes: [60 * MB, 3 * MB, 40_000, 2_000], logLines: 2_000 },
  {
    cuts: 8,
    sizes: Array.from({ length: 800 }, (_, index) => 1_000 * (1 + (index % 20))),
    logLines: 2_000,
  },
  { cuts: 8, sizes: [1 * MB, 50_000], logLines: 120_000 },
]
const transfers: readonly CutPlan[] = (['up', 'down'] as const).flatMap((direction) =>
  [largeFile, smallFiles, mixedFiles].map((payload) => ({ payload, direction, cuts: 5 })),
)
const seedJob: JobCutPlan = { cuts: 3, sizes: [4 * MB, 20_000], logLines: 2_000 }

/** Cuts at random bytes, up and down, of everything that travels between the computer and the machine. */
export const faultClass: FaultClass = {
  name: 'network cuts at random bytes',
  promise:
    'A cut at any byte costs at most one window sent again, or the unfinished files of a tar batch; every byte arrives as it was, and the log is whole.',
  async *injections({ size, seed, signal, say }) {
    const random = seededRandom(seed)
    if (size === 'seed') {
      yield await cutJob(seedJob, windowBytes, random)
      return
    }
    for (const plan of jobs) {
      yield await cutJob(plan, windowBytes, random)
      signal.throwIfAborted()
    }
    if (!sshdAvailable()) {
      say('No OpenSSH server here, so transfers were cut in the practice cloud only.')
      return
    }
    for await (const injection of transferCuts(transfers, random)) {
      yield injection
      signal.throwIfAborted()
    }
  },
}
