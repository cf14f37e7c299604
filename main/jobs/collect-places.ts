import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Machine } from '../machine/machine.ts'
import type { CollectFrom } from '../transfer/list-outputs.ts'
import { MirrorState } from '../transfer/mirror-state.ts'
import { loadInputs } from './inputs.ts'
import { remotePaths, type RemotePaths } from './remote-paths.ts'
import type { StepContext } from './steps/context.ts'

export interface CollectPlaces {
  readonly from: CollectFrom
  readonly state: MirrorState
  readonly paths: RemotePaths
}

/** Where a job's results stand on its machine, and what is known of those that are home. */
export async function collectPlaces(
  context: StepContext,
  machine: Machine,
): Promise<CollectPlaces> {
  const attempt = context.attempt()
  const { spec } = context.job()
  const paths = remotePaths(machine.home, attempt.rentalId, attempt.id, spec)
  const inputs = await loadInputs(context.paths.inputs(context.jobId))
  return {
    paths,
    state: await openMirrorState(context),
    from: {
      outputDir: paths.output,
      workDir: paths.work,
      workManifest: inputs.code,
      completeAtS: attempt.inputsCompleteAtS ?? 0,
      globs: spec.outputs,
      includeChanged: true,
    },
  }
}

/** What earlier passes brought into the job's output folder. */
export async function openMirrorState(context: StepContext): Promise<MirrorState> {
  const path = context.paths.mirrorState(context.job().spec.outputDir)
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  return await MirrorState.open(path, {
    jobId: context.jobId,
    now: () => context.clock.now(),
  })
}
