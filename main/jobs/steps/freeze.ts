import { stat } from 'node:fs/promises'
import { freeze as freezeTree } from '../../transfer/freeze.ts'
import type { FrozenManifest } from '../../transfer/frozen.ts'
import { scanTree } from '../../transfer/scan.ts'
import { checkInputs, loadInputs, saveInputs, weigh } from '../inputs.ts'
import { runLocalCommands } from '../local-commands.ts'
import { formatBytes } from '../../domain/format.ts'
import type { StepContext } from './context.ts'

/**
 * Runs the user's `before` steps and pins all inputs by content, so that every attempt of the job
 * runs the same code on the same data. Repeated after a crash it starts over: nothing was rented.
 */
export async function freeze(context: StepContext): Promise<void> {
  const { paths, signal, jobId } = context
  const { spec, inputsOf } = context.job()
  if (inputsOf !== null) {
    await takeOver(context, inputsOf)
    return
  }
  const warnings: string[] = []
  if (spec.before.length > 0) {
    context.progress(0, 'Running your before steps on this computer')
    await runLocalCommands(spec.before, {
      cwd: spec.baseDir,
      environment: context.clientEnvironment,
      redact: (text) => context.redactor.redact(text),
      signal,
    })
  }
  const pin = async (path: string, ignore: 'code' | 'data'): Promise<FrozenManifest> => {
    const scanned = await scanTree(path, { ignore, signal })
    warnings.push(...scanned.warnings.map((warning) => warning.sentence))
    return freezeTree(scanned.manifest, paths.blobs, {
      signal,
      onProgress: ({ bytes }) =>
        context.progress(0.5, `Freezing the inputs, ${formatBytes(bytes)}`),
    })
  }
  const code = spec.code === null ? null : await pin(spec.code.path, 'code')
  const data: { name: string; single: boolean; frozen: FrozenManifest }[] = []
  for (const { name, path } of spec.data) {
    const frozen = await pin(path, 'data')
    data.push({ name, single: (await stat(path)).isFile(), frozen })
  }
  const inputs = { code, data }
  await saveInputs(paths.inputs(jobId), inputs)
  context.append({ kind: 'inputs-frozen', ...weigh(inputs), warnings })
}

/** The inputs of an earlier job as they were: its `before` steps had their effect on them already. */
async function takeOver(context: StepContext, from: string): Promise<void> {
  const { paths, jobId } = context
  const inputs = await loadInputs(paths.inputs(from))
  await checkInputs(inputs)
  await saveInputs(paths.inputs(jobId), inputs)
  context.append({ kind: 'inputs-frozen', ...weigh(inputs), warnings: [] })
}
