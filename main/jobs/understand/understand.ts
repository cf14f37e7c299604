import path from 'node:path'
import type { JobFile } from '../../../preload/contract/job-file.ts'
import type { JobSpec } from '../../../preload/contract/job-spec.ts'
import { SubletError } from '../../domain/errors.ts'
import { type DataItem, understandData } from './data.ts'
import { resolveUserPath } from './file-facts.ts'
import { understandLauncher } from './launcher.ts'
import { defaultLimitSentences, understandLimits } from './limits.ts'
import { understandResults } from './results.ts'
import { understandNeeds } from './needs.ts'
import { defaultOutputFolder } from './output-folder.ts'
import {
  type UnderstandHelpers,
  type UnderstandRequest,
  type Understood,
  type Work,
  understandDefaults,
} from './understood.ts'
import { understandWork } from './work.ts'

/**
 * Turns what the user wrote into a normalised job, and says in sentences how it was read. Reads the
 * local file system and changes nothing. Errors: `invalid`, `input-missing`, `unsupported`, each
 * with one sentence that says what to do.
 */
export async function understand(
  request: UnderstandRequest,
  signal: AbortSignal,
  helpers: UnderstandHelpers = {},
): Promise<Understood> {
  const { file, baseDir } = request
  const defaults = { ...understandDefaults, ...request.defaults }
  signal.throwIfAborted()
  const limits = understandLimits(file, defaults)
  const work = await understandWork(file, baseDir)
  signal.throwIfAborted()
  const codeFolder = work.code !== null && !work.code.single ? work.code.path : null
  const data = await understandData(dataItems(file.data), baseDir, codeFolder)
  signal.throwIfAborted()
  const needs = await understandNeeds(file, work.sources, helpers)
  const launcher = understandLauncher(work.entry, needs.needs.gpus ?? 0, file, helpers)
  const name = file.name ?? nameOf(work)
  const outputDir =
    file.output === undefined
      ? await defaultOutputFolder(
          baseDir,
          name,
          helpers.isOutputTaken ?? (() => false),
          defaults.outputFolder,
        )
      : resolveUserPath(file.output, baseDir)
  refuseDangerousOutput(outputDir, work, data.data)
  const spec: JobSpec = {
    name,
    project: file.project ?? null,
    tags: file.tags ?? {},
    entry: launcher.entry,
    code: work.code,
    data: data.data,
    outputDir,
    outputs: file.outputs ?? [],
    setup: lines(file.setup),
    baseDir,
    before: lines(file.before),
    after: lines(file.after),
    environment:
      file.image === undefined ? { kind: 'machine' } : { kind: 'image', image: file.image },
    env: Object.fromEntries(
      Object.entries(file.env ?? {}).map(([key, value]) => [environmentName(key), String(value)]),
    ),
    secrets: [...new Set((file.secrets ?? []).map(environmentName))],
    needs: needs.needs,
    ...(file.preferFast === undefined ? {} : { preferFast: file.preferFast }),
    limits,
    ...understandResults(file),
    checkpointSignal: file.checkpoint?.signal ?? null,
    retries: file.retries ?? defaults.retries,
  }
  return {
    spec,
    understood: [
      ...work.understood,
      ...data.understood,
      ...needs.understood,
      ...launcher.understood,
      ...(file.image === undefined ? [] : [`Runs in the container image ${file.image}.`]),
      ...defaultLimitSentences(file, defaults),
      `Results come home to ${outputDir}.`,
    ],
    warnings: [
      ...work.warnings,
      ...launcher.warnings,
      ...data.warnings,
      ...outputWarnings(outputDir, codeFolder),
    ],
  }
}

function nameOf(work: Work): string {
  if (work.entry.kind === 'command') {
    return work.code === null
      ? (/[\w.-]+/.exec(work.entry.command)?.[0] ?? 'job').slice(0, 60)
      : path.parse(work.code.path).name || 'job'
  }
  const stem = path.posix.parse(work.entry.path).name
  const folder = work.code?.single === false ? path.basename(work.code.path) : ''
  return /^(main|train|run|__main__)$/i.test(stem) && folder !== '' ? folder : stem || 'job'
}

function refuseDangerousOutput(outputDir: string, work: Work, data: JobSpec['data']): void {
  const inputs = [...(work.code === null ? [] : [work.code.path]), ...data.map((item) => item.path)]
  const clash = inputs.find(
    (input) => input === outputDir || input.startsWith(outputDir + path.sep),
  )
  if (clash !== undefined) {
    throw new SubletError(
      'invalid',
      `The output folder ${outputDir} holds the input ${clash}: choose a folder of its own with --output.`,
    )
  }
}

function outputWarnings(outputDir: string, codeFolder: string | null): readonly string[] {
  if (codeFolder === null) return []
  const parts = path.relative(codeFolder, outputDir).split(path.sep)
  // The default folder never travels; one that the user chose is the user's.
  if (parts[0] === '..' || path.isAbsolute(parts[0] ?? '') || parts.includes('sublet-output'))
    return []
  return [
    `The output folder ${outputDir} lies in the work folder, so that the next run uploads its results: list it in .subletignore, or choose another with --output.`,
  ]
}

function environmentName(name: string): string {
  if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) return name
  throw new SubletError(
    'invalid',
    `"${name}" is no name of an environment variable: use letters, digits and _, not starting with a digit.`,
  )
}

function dataItems(written: JobFile['data']): readonly DataItem[] {
  if (written === undefined) return []
  const items = typeof written === 'string' ? [written] : written
  return items.map((item) => (typeof item === 'string' ? { path: item } : item))
}

function lines(written: string | readonly string[] | undefined): string[] {
  if (written === undefined) return []
  return typeof written === 'string' ? [written] : [...written]
}
