import { join } from 'node:path'
import { rmSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { assertNever } from '../../../main/domain/errors.ts'
import type { TestUser } from '../../support/cli.ts'
import { eventually } from '../../support/eventually.ts'
import { notedBy, type ChainJob } from './chain-job.ts'
import type { MirrorWatch } from './watch-mirror.ts'

/** How a machine is lost. */
export const ways = [
  'without a word',
  'with a notice',
  'during a copy home',
  'while the results are collected',
  'after the engine was killed during a copy home',
  'after the disk at home was full',
] as const
export type Way = (typeof ways)[number]

/** Of a machine that was lost: when, and when the last moment was to write something that must be home. */
export interface Loss {
  readonly at: number
  /** What had been written by then and lain still may still be missing for so long. */
  readonly graceMs: number
}

const longMs = 60_000
const noticeMs = 9_000

/** Waits for the moment of the job that `afterStep` names, and takes its machine away. */
export async function loseMachine(
  user: TestUser,
  job: ChainJob & { readonly id: string },
  way: Way,
  afterStep: number,
  watch: MirrorWatch,
): Promise<Loss> {
  // A job that was just submitted may have none yet.
  const rentalId = await eventually(async () => (await user.show(job.id)).summary.rentalId, {
    timeoutMs: longMs,
    what: `a machine for ${job.name}`,
  })
  const vanish = async (): Promise<void> => user.sandbox.machine(rentalId, 'vanish')
  if (way !== 'while the results are collected') await reached(job, afterStep)
  switch (way) {
    case 'without a word':
      await vanish()
      return { at: Date.now(), graceMs: 0 }
    case 'with a notice':
      await user.sandbox.machine(rentalId, 'reclaim', { noticeMs })
      return { at: Date.now() + noticeMs, graceMs: 0 }
    case 'during a copy home':
      await eventually(() => watch.copying(), { timeoutMs: longMs, everyMs: 5, what: 'a copy' })
      await vanish()
      return { at: Date.now(), graceMs: 0 }
    case 'while the results are collected':
      await user.until(
        (one) => one.id === job.id && one.progress.sentence.startsWith('Bringing the results'),
        'results under way',
      )
      await vanish()
      return { at: Date.now(), graceMs: 0 }
    case 'after the engine was killed during a copy home': {
      await eventually(() => watch.copying(), { timeoutMs: longMs, everyMs: 5, what: 'a copy' })
      const killedAt = Date.now()
      await user.killEngine()
      await vanish()
      await user.run(['jobs'])
      return { at: Date.now(), graceMs: Date.now() - killedAt }
    }
    case 'after the disk at home was full': {
      // The folder is a small disk of its own.
      const filler = join(job.out, 'filler')
      const fullAt = Date.now()
      await fill(filler)
      await reached(job, afterStep + 8)
      rmSync(filler)
      await vanish()
      return { at: Date.now(), graceMs: Date.now() - fullAt }
    }
    default:
      return assertNever(way)
  }
}

async function reached(job: ChainJob, step: number): Promise<void> {
  await eventually(() => notedBy(job).some((one) => one.what === 'step' && one.step >= step), {
    timeoutMs: longMs,
    everyMs: 20,
    what: `step ${step} of ${job.name}`,
  })
}

/** Takes every byte that the file system still has. */
async function fill(path: string): Promise<void> {
  const file = await open(path, 'w')
  try {
    for (const size of [1 << 18, 1 << 12, 1]) {
      const bytes = Buffer.alloc(size, 1)
      const full = async (): Promise<void> => {
        for (;;) await file.appendFile(bytes)
      }
      await full().catch(() => undefined) // That it is full is what is wanted.
    }
  } finally {
    await file.close()
  }
}
