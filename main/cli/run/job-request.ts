import { stat } from 'node:fs/promises'
import path from 'node:path'
import { resultsWaySchema } from '../../../preload/contract/bucket.ts'
import type { JobFile } from '../../../preload/contract/job-file.ts'
import { parseByteSize } from '../../domain/byte-size.ts'
import { parseDurationMs } from '../../domain/duration.ts'
import { SubletError } from '../../domain/errors.ts'
import { parseUsd } from '../../domain/usd.ts'
import { readJobFile } from '../../jobs/job-file/read-job-file.ts'
import type { RunOptions } from './run-options.ts'

export interface JobRequest {
  readonly file: JobFile
  readonly baseDir: string
}

const jobFileNames = ['sublet.yaml', 'sublet.yml'] as const

/**
 * Joins a job file with the flags, which win. `target` is a job file, a folder, or a script; without
 * one and without --script or --command, the folder's own sublet.yaml is taken.
 */
export async function jobRequest(
  target: string | undefined,
  options: RunOptions,
  scriptArgs: readonly string[],
  cwd: string,
): Promise<JobRequest> {
  checkFigures(options)
  const flags = flagsAsJobFile(options, scriptArgs, cwd)
  const place = await locate(target, options, cwd)
  if (place.kind === 'script') {
    if (options.script !== undefined) {
      throw new SubletError(
        'invalid',
        `Two scripts are named, ${target ?? ''} and ${options.script}: keep one of them.`,
      )
    }
    return { file: { script: place.path, ...flags }, baseDir: cwd }
  }
  if (place.kind === 'flags') return { file: flags, baseDir: cwd }
  const { file, baseDir } = await readJobFile(place.path, place.shown)
  const merged: JobFile = { ...withoutOverruled(file, flags), ...flags }
  const env = { ...file.env, ...flags.env }
  const tags = { ...file.tags, ...flags.tags }
  const bare = merged.script === undefined && merged.command === undefined
  return {
    file: {
      ...merged,
      ...(Object.keys(env).length === 0 ? {} : { env }),
      ...(Object.keys(tags).length === 0 ? {} : { tags }),
      ...(bare ? { script: '.' } : {}),
    },
    baseDir,
  }
}

/** The file without the keys that a flag contradicts: `--host` overrules a provider, and so on. */
function withoutOverruled(file: JobFile, flags: JobFile): JobFile {
  const overruled: Partial<Record<keyof JobFile, readonly (keyof JobFile)[]>> = {
    host: ['provider', 'account'],
    provider: ['host', 'account'],
    script: ['command', 'args'],
    command: ['args'],
  }
  const dropped = new Set(
    Object.keys(flags).flatMap((key) => overruled[key as keyof JobFile] ?? []),
  )
  return Object.fromEntries(
    Object.entries(file).filter(([key]) => !dropped.has(key as keyof JobFile)),
  )
}

type Place =
  | { readonly kind: 'file'; readonly path: string; readonly shown: string }
  | { readonly kind: 'script'; readonly path: string }
  | { readonly kind: 'flags' }

async function locate(
  target: string | undefined,
  options: RunOptions,
  cwd: string,
): Promise<Place> {
  if (target !== undefined) {
    const absolute = path.resolve(cwd, target)
    if (/\.ya?ml$/i.test(target)) return { kind: 'file', path: absolute, shown: target }
    for (const name of jobFileNames) {
      const inside = path.join(absolute, name)
      if (await isFile(inside))
        return { kind: 'file', path: inside, shown: path.join(target, name) }
    }
    return { kind: 'script', path: absolute }
  }
  if (options.script !== undefined || options.command !== undefined) return { kind: 'flags' }
  for (const name of jobFileNames) {
    const here = path.join(cwd, name)
    if (await isFile(here)) return { kind: 'file', path: here, shown: name }
  }
  throw new SubletError(
    'invalid',
    'Nothing to run: name a job file (sublet run JOB.yaml), a script or folder (--script PATH), or a command (--command STR).',
  )
}

function flagsAsJobFile(options: RunOptions, args: readonly string[], cwd: string): JobFile {
  const at = (written: string): string =>
    written.startsWith('~') ? written : path.resolve(cwd, written)
  return defined({
    script: options.script === undefined ? undefined : at(options.script),
    args: args.length === 0 ? undefined : [...args],
    data: options.data?.map(at),
    output: options.output === undefined ? undefined : at(options.output),
    command: options.command,
    setup: options.setup === undefined ? undefined : [...options.setup],
    image: options.image,
    provider: options.provider,
    account: options.account,
    host: options.host,
    region: options.region,
    gpu: options.gpu,
    minVram: options.minVram,
    gpus: options.gpus,
    maxPrice: options.maxPrice,
    spot: options.spot,
    budget: options.budget,
    maxDuration: options.maxDuration,
    keepWarm: options.keepWarm,
    mirror: mirrorFlag(options.mirror),
    results: resultsFlag(options.results),
    outputSize: options.outputSize,
    env: options.env,
    secrets: options.secret === undefined ? undefined : [...options.secret],
    name: options.name,
    project: options.project,
    tags: options.tag,
  })
}

/** Says what is wrong with a figure in the words of its flag, before anything else happens. */
function checkFigures(options: RunOptions): void {
  if (options.maxPrice !== undefined) parseUsd(options.maxPrice, '--max-price')
  if (options.budget !== undefined) parseUsd(options.budget, '--budget')
  if (options.maxDuration !== undefined) parseDurationMs(options.maxDuration, '--max-duration')
  if (options.outputSize !== undefined) parseByteSize(options.outputSize, '--output-size')
  if (options.keepWarm !== undefined) parseDurationMs(options.keepWarm, '--keep-warm')
}

function resultsFlag(written: string | undefined): JobFile['results'] {
  if (written === undefined) return undefined
  const way = resultsWaySchema.safeParse(written)
  if (way.success) return way.data
  throw new SubletError('invalid', `--results is home, bucket or auto, not "${written}".`)
}

function mirrorFlag(written: string | undefined): JobFile['mirror'] {
  if (written === undefined || written === 'on' || written === 'off') return written
  parseDurationMs(written, '--mirror')
  return { every: written }
}

function defined(file: { readonly [K in keyof JobFile]: JobFile[K] }): JobFile {
  return Object.fromEntries(Object.entries(file).filter(([, value]) => value !== undefined))
}

async function isFile(absolute: string): Promise<boolean> {
  try {
    return (await stat(absolute)).isFile()
  } catch {
    // Not there: the next place is tried.
    return false
  }
}
