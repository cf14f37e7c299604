import { lstat } from 'node:fs/promises'
import type { Outputs, OutputFile } from '../../preload/contract/job-actions.ts'
import { forEachLimited } from '../transfer/files.ts'
import { MirrorState, type MirrorRecord } from '../transfer/mirror-state.ts'
import { localPath, showPath } from '../transfer/path-bytes.ts'
import type { JobRecord } from '../domain/job/record.ts'
import type { HomePaths } from './home-paths.ts'

const looksAtOnce = 16
const passMs = 5_000
const names = new Intl.Collator('en', { numeric: true })

/**
 * What has come home for a job, by the mirror's own records, the newest first. Files that another
 * job brought into the same folder are left out. Only the answered ones are looked for on the disk.
 */
export async function readOutputs(
  job: JobRecord,
  paths: HomePaths,
  most: number,
  live: Pick<Outputs, 'mirror' | 'collection'>,
): Promise<Outputs> {
  const folder = job.spec.outputDir
  const state = await MirrorState.open(paths.mirrorState(folder))
  const ours = state.records().filter((one) => (one.jobId ?? job.id) === job.id)
  const newest = ours
    .toSorted(
      (a, b) =>
        passOf(b) - passOf(a) || b.remoteMtimeS - a.remoteMtimeS || names.compare(a.local, b.local),
    )
    .slice(0, most)
  const there = new Set<MirrorRecord>()
  await forEachLimited(newest, looksAtOnce, async (record) => {
    if (await exists(localPath(folder, record.local))) there.add(record)
  })
  const verified = job.outputs?.verified === true
  return {
    folder,
    folderExists: await exists(folder),
    files: newest.map((record): OutputFile => ({
      path: showPath(record.local),
      bytes: record.localSize,
      at: record.receivedAt ?? null,
      verified,
      exists: there.has(record),
    })),
    totalFiles: ours.length,
    totalBytes: ours.reduce((sum, one) => sum + one.localSize, 0),
    ...live,
  }
}

/** What one pass brought arrived together: within it, what the job wrote last comes first. */
function passOf({ receivedAt }: MirrorRecord): number {
  return Math.floor((receivedAt ?? 0) / passMs)
}

async function exists(path: string | Buffer): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false, // Gone, or not to be seen by us: to the user that is the same.
  )
}
