import type { Proposal } from '../../preload/contract/proposal.ts'
import { SubletError } from '../domain/errors.ts'
import { formatCount, formatTime } from '../domain/format.ts'
import type { HomePaths } from './home-paths.ts'
import { checkInputs, loadInputs, weigh } from './inputs.ts'
import { propose, type ProposeDeps } from './propose.ts'
import { freeFolder, withoutNumber } from './understand/output-folder.ts'

/**
 * Prices an ended job anew, with what was frozen for it: never what lies on the disk now. Its
 * results go to a folder of their own beside the first ones. Rents nothing and journals nothing.
 */
export async function proposeAgain(
  deps: Omit<ProposeDeps, 'understand' | 'weigh'> & { readonly paths: HomePaths },
  jobId: string,
  signal: AbortSignal,
): Promise<Proposal> {
  const { journal, paths, clock } = deps
  const { spec, submittedAt, endedAt } = journal.job(jobId)
  if (endedAt === null) {
    throw new SubletError('conflict', `${spec.name} has not ended: stop it first, or wait for it.`)
  }
  const inputs = await loadInputs(paths.inputs(jobId))
  await checkInputs(inputs)
  const { bytes, files } = weigh(inputs)
  const outputDir = await freeFolder(withoutNumber(spec.outputDir, spec.name), (folder) =>
    journal.openJobs().some((job) => job.spec.outputDir === folder),
  )
  const when = formatTime(submittedAt, { near: clock.now() })
  return propose(
    {
      ...deps,
      understand: async () => ({
        spec: { ...spec, outputDir },
        understood: [
          `Runs what ${spec.name} ran: ${formatCount(files, 'file')} as frozen at ${when}.`,
          `Results go to ${outputDir}.`,
        ],
        warnings: [],
      }),
      weigh: async () => ({ bytes, inputs: [], warnings: [], excluded: [], excludedBytes: 0 }),
    },
    { file: {}, baseDir: spec.baseDir },
    signal,
  )
}
