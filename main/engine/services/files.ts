import { homedir } from 'node:os'
import path from 'node:path'
import type { Contract } from '../../../preload/contract/contract.ts'
import type { JobFile } from '../../../preload/contract/job-file.ts'
import { SubletError, toWireError } from '../../domain/errors.ts'
import type { JobSpec } from '../../../preload/contract/job-spec.ts'
import { outputConflict } from '../../domain/job/output-conflict.ts'
import type { JobRecord } from '../../domain/job/record.ts'
import {
  DropFolders,
  dropKeptForMs,
  dropLimitBytes,
  dropPieceBytes,
} from '../../jobs/drops/drop-folder.ts'
import { placeDemo, requirePython, type DemoJob } from '../../jobs/job-file/demo-job.ts'
import { readJobFile } from '../../jobs/job-file/read-job-file.ts'
import { specToJobFile } from '../../jobs/job-file/spec-to-job-file.ts'
import { writeJobFile } from '../../jobs/job-file/write-job-file.ts'
import { resolveUserPath } from '../../jobs/understand/file-facts.ts'
import type { Handlers } from '../../rpc/handlers.ts'
import { packageRoot } from '../package-root.ts'
import type { ServiceParts } from './context.ts'
import { fileFacts, listFolder } from './list-folder.ts'

/** The handlers about files of this computer. */
export function fileHandlers(parts: ServiceParts): Handlers<Contract>['files'] {
  const { paths, clock, journal, log } = parts
  const drops = new DropFolders(paths.drops, () => clock.now())
  let hasPython = false
  let placing: Promise<DemoJob> = Promise.reject(new Error('Nothing was placed yet.'))
  placing.catch(() => undefined) // It only starts the queue.
  return {
    list: async ({ dir }) => listFolder(dir),
    stat: async ({ path: written }) => fileFacts(written),
    openJobFile: async ({ path: written }) => readJobFile(resolveUserPath(written, homedir())),
    saveJobFile: async ({ path: written, file, replace }) => {
      const absolute = resolveUserPath(written, homedir())
      if (!/\.ya?ml$/i.test(absolute)) {
        throw new SubletError(
          'invalid',
          `${absolute} does not look like a job file: end its name with .yaml.`,
        )
      }
      await writeJobFile(absolute, file, replace)
      return { path: absolute }
    },
    jobAsFile: async ({ jobId }) => asFile(journal.job(jobId).spec, journal.openJobs()),
    demo: async () => {
      // It is not asked again once it was there: starting it takes longer than all the rest.
      if (!hasPython) await requirePython()
      hasPython = true
      // One at a time: two that copy into the same new folder are in each other's way.
      const place = async (): Promise<DemoJob> => await placeDemo(packageRoot(), paths.home)
      placing = placing.then(place, place)
      const { jobFile, script, data, outputDir } = await placing
      const { file, baseDir } = await readJobFile(jobFile)
      const shown: JobFile = { ...file, name: 'demo', provider: 'sandbox' }
      return { file: shown, baseDir, script, data, outputDir }
    },
    dropBegin: async () => {
      const inUse = [
        // Of a job that ended lately, too: it may be run again with what was frozen for it.
        ...journal
          .jobs()
          .filter(({ endedAt }) => endedAt === null || clock.now() - endedAt < dropKeptForMs)
          .flatMap(({ spec }) => inputsOf(spec)),
        // Results are never swept, wherever they are.
        ...journal.jobs().map(({ spec }) => spec.outputDir),
      ]
      await drops.sweep(inUse).catch((thrown: unknown) => {
        log.warn({ error: toWireError(thrown) }, 'Old drops could not be removed')
      })
      return {
        dropId: await drops.begin(),
        pieceBytes: dropPieceBytes,
        limitBytes: dropLimitBytes,
      }
    },
    dropWrite: async ({ dropId, path: relative, offset, bytes }) => ({
      writtenBytes: await drops.write(dropId, relative, offset, Buffer.from(bytes, 'base64')),
    }),
    dropFinish: async ({ dropId, keep }) => ({ paths: await drops.finish(dropId, keep) }),
  }
}

/** A default results folder, or one that is in use, is left out, so that another run finds a free one. */
function asFile(spec: JobSpec, open: Iterable<JobRecord>): { file: JobFile; baseDir: string } {
  const { output, ...rest } = specToJobFile(spec)
  const isDefault = path.dirname(spec.outputDir) === path.join(spec.baseDir, 'sublet-output')
  const isFree = !isDefault && outputConflict(spec.outputDir, open) === null
  return {
    file: isFree && output !== undefined ? { ...rest, output } : rest,
    baseDir: spec.baseDir,
  }
}

function inputsOf(spec: JobSpec): string[] {
  return [...(spec.code === null ? [] : [spec.code.path]), ...spec.data.map((one) => one.path)]
}
