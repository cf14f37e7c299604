import type { JobFile } from '../../../preload/contract/job-file.ts'
import { shellWords } from '../../../main/domain/shell-quote.ts'
import { type Draft, type SpotChoice, emptyDraft } from './draft.ts'
import {
  gpuText,
  readDuration,
  readGpu,
  readLines,
  readMoney,
  readSize,
  readWhole,
} from './read-fields.ts'
import { splitWords } from './split-words.ts'

/** The draft as the engine reads it. Call it only for a draft without problems. */
export function draftToFile(draft: Draft): JobFile {
  const { gpu, minVram, none } = readGpu(draft.gpu)
  const file: { readonly [K in keyof JobFile]: JobFile[K] | undefined } = {
    ...draft.kept,
    name: said(draft.name),
    project: said(draft.project),
    script: said(draft.script),
    command: said(draft.command),
    args: draft.command.trim() === '' ? some(splitWords(draft.args)) : undefined,
    code: draft.script === '' ? undefined : said(draft.code),
    data: some(
      draft.data.map(({ path, name }) => (name.trim() === '' ? path : { path, name: name.trim() })),
    ),
    output: said(draft.output),
    results: draft.results === 'home' ? undefined : draft.results,
    outputs: some(readLines(draft.outputs)),
    setup: some(readLines(draft.setup)),
    before: some(readLines(draft.before)),
    after: some(readLines(draft.after)),
    image: said(draft.image),
    provider: said(draft.provider),
    region: said(draft.region),
    gpu,
    minVram,
    gpus: none ? 0 : map(draft.gpus, (text) => readWhole(text, 'How many', 0, 64)),
    disk: map(draft.disk, (text) => readSize(text) ?? undefined),
    spot: draft.spot === 'never' ? undefined : draft.spot === 'only' ? true : 'allowed',
    preferFast: draft.preferFast === 0 ? undefined : draft.preferFast,
    maxPrice: map(draft.maxPrice, (text) => readMoney(text, 'Price limit')),
    budget: map(draft.budget, (text) => readMoney(text, 'Budget')),
    maxDuration: map(draft.maxDuration, (text) => readDuration(text, 'Longest')),
    keepWarm: map(draft.keepWarm, (text) => readDuration(text, 'Keep warm')),
    afterExit: map(draft.afterExit, (text) => readDuration(text, 'Hold results')),
    grace: map(draft.grace, (text) => readDuration(text, 'Grace')),
    env: filled(draft.env.filter(({ name }) => name.trim() !== '')),
    secrets: some(draft.secrets),
    checkpoint: draft.checkpoint === '' ? undefined : { signal: draft.checkpoint },
    retries: map(draft.retries, (text) => readWhole(text, 'Restarts', 0, 20)),
  }
  return Object.fromEntries(Object.entries(file).filter(([, value]) => value !== undefined))
}

/** A job file in the form's words; what the form has no field for is kept beside it. */
export function fileToDraft(file: JobFile, baseDir: string): Draft {
  const { tags, account, host, arch, machineType, mirror, outputSize } = file
  const data = typeof file.data === 'string' ? [file.data] : (file.data ?? [])
  const isNone = file.gpus === 0 && file.gpu === undefined && file.minVram === undefined
  return {
    ...emptyDraft,
    baseDir,
    script: file.script ?? '',
    code: file.code ?? '',
    command: file.command ?? '',
    args: shellWords(file.args ?? []),
    data: data.map((item) => (typeof item === 'string' ? { path: item, name: '' } : item)),
    name: file.name ?? '',
    project: file.project ?? '',
    gpu: gpuText(file.gpu, file.minVram, file.gpus),
    gpus: file.gpus === undefined || isNone ? '' : String(file.gpus),
    spot: spotOf(file.spot),
    budget: money(file.budget),
    maxDuration: duration(file.maxDuration),
    maxPrice: money(file.maxPrice),
    region: file.region ?? '',
    provider: file.provider ?? '',
    disk: file.disk === undefined ? '' : `${file.disk} GB`,
    preferFast: file.preferFast ?? 0,
    output: file.output ?? '',
    results: file.results ?? 'home',
    outputs: lines(file.outputs),
    image: file.image ?? '',
    setup: lines(file.setup),
    before: lines(file.before),
    after: lines(file.after),
    env: Object.entries(file.env ?? {}).map(([name, value]) => ({ name, value: String(value) })),
    secrets: file.secrets ?? [],
    keepWarm: duration(file.keepWarm),
    grace: duration(file.grace),
    afterExit: duration(file.afterExit),
    retries: file.retries === undefined ? '' : String(file.retries),
    checkpoint: file.checkpoint?.signal ?? '',
    kept: {
      ...(tags === undefined ? {} : { tags }),
      ...(account === undefined ? {} : { account }),
      ...(host === undefined ? {} : { host }),
      ...(arch === undefined ? {} : { arch }),
      ...(machineType === undefined ? {} : { machineType }),
      ...(mirror === undefined ? {} : { mirror }),
      ...(outputSize === undefined ? {} : { outputSize }),
    },
  }
}

function spotOf(spot: JobFile['spot']): SpotChoice {
  if (spot === 'allowed') return 'allowed'
  return spot === true ? 'only' : 'never'
}

function money(amount: string | number | undefined): string {
  return amount === undefined ? '' : `$${String(amount).replace(/^\$/, '')}`
}

/** `1h30m` as people write it: `1 h 30 min`. */
function duration(written: string | 0 | undefined): string {
  if (written === undefined) return ''
  return String(written)
    .replace(/(\d)([dhms])/g, '$1 $2 ')
    .replace(/ m /g, ' min ')
    .trim()
}

function lines(written: string | readonly string[] | undefined): string {
  if (written === undefined) return ''
  return typeof written === 'string' ? written : written.join('\n')
}

function said(text: string): string | undefined {
  const plain = text.trim()
  return plain === '' ? undefined : plain
}

function map<T>(text: string, read: (text: string) => T): T | undefined {
  return text.trim() === '' ? undefined : read(text)
}

function some<T>(list: readonly T[]): T[] | undefined {
  return list.length === 0 ? undefined : [...list]
}

function filled(variables: Draft['env']): Record<string, string> | undefined {
  if (variables.length === 0) return undefined
  return Object.fromEntries(variables.map(({ name, value }) => [name.trim(), value]))
}
