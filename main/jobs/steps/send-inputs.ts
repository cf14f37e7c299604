import { formatBytes, formatDuration } from '../../domain/format.ts'
import { SubletError } from '../../domain/errors.ts'
import { shellQuote } from '../../domain/shell-quote.ts'
import type { Machine } from '../../machine/machine.ts'
import type { FrozenManifest } from '../../transfer/frozen.ts'
import { sendTree } from '../../transfer/send.ts'
import { weigh, type Inputs } from '../inputs.ts'
import type { RemotePaths } from '../remote-paths.ts'
import type { StepContext } from './context.ts'

export interface Sent {
  readonly bytesSent: number
  readonly bytesSkipped: number
}

export interface InputsSent extends Sent {
  /** The machine's clock when everything was in place, in seconds. */
  readonly completeAtS: number
}

/** Brings the frozen inputs to the machine; what is there already from an earlier try stays. */
export async function sendInputs(
  context: StepContext,
  machine: Machine,
  inputs: Inputs,
  paths: RemotePaths,
): Promise<InputsSent> {
  const { signal } = context
  const total = weigh(inputs)
  const began = performance.now()
  let before = 0
  const send = async (frozen: FrozenManifest, dir: string): Promise<Sent> => {
    const report = await sendTree(machine, frozen, dir, {
      signal,
      exact: true,
      acknowledged: context.acknowledged.of(context.rental().id),
      onProgress: ({ bytesDone }) =>
        context.progress(
          fraction(before + bytesDone, total.bytes),
          sentence(before + bytesDone, total.bytes, performance.now() - began),
        ),
    })
    before += report.bytesSent + report.bytesSkipped
    return report
  }
  const reports: Sent[] = []
  if (inputs.code !== null) reports.push(await send(inputs.code, paths.code))
  for (const [index, data] of inputs.data.entries()) {
    const dir = data.single ? `${paths.files}/${index}` : `${paths.data}/${data.name}`
    reports.push(await send(data.frozen, dir))
  }
  const completeAtS = await arrange(context, machine, inputs, paths)
  return {
    completeAtS,
    bytesSent: reports.reduce((sum, one) => sum + one.bytesSent, 0),
    bytesSkipped: reports.reduce((sum, one) => sum + one.bytesSkipped, 0),
  }
}

/** Links single files to their names and gives the attempt its own copy of the code. */
async function arrange(
  context: StepContext,
  machine: Machine,
  inputs: Inputs,
  paths: RemotePaths,
): Promise<number> {
  const links = inputs.data.flatMap((data, index) =>
    data.single
      ? [
          `for one in ${shellQuote(`${paths.files}/${index}`)}/* ${shellQuote(`${paths.files}/${index}`)}/.[!.]*; do ` +
            `[ -f "$one" ] && { ln -f "$one" ${shellQuote(`${paths.data}/${data.name}`)} 2>/dev/null || cp -p "$one" ${shellQuote(`${paths.data}/${data.name}`)} || exit 1; }; done`,
        ]
      : [],
  )
  const copyCode =
    inputs.code === null ? [] : [`cp -a ${shellQuote(paths.code)}/. ${shellQuote(paths.work)}/`]
  const script = [
    'set -e',
    `mkdir -p ${[paths.data, paths.work, paths.output].map(shellQuote).join(' ')}`,
    'set +e',
    ...links,
    ...copyCode.map((line) => `${line} || exit 1`),
    'date +%s',
  ].join('\n')
  const { exitCode, stdout, stderr } = await machine.exec(script, { signal: context.signal })
  if (exitCode !== 0) {
    const full = /no space left/i.test(stderr)
    throw new SubletError(
      full ? 'disk-full' : 'unavailable',
      full
        ? `The disk of ${machine.label} is full; ask for more with disk: in the job file, or send less.`
        : `The inputs could not be put in place on ${machine.label}.`,
      { nativeCode: stderr.trim().slice(-400) },
    )
  }
  const completeAtS = Number(stdout.trim().split('\n').at(-1))
  if (Number.isSafeInteger(completeAtS)) return completeAtS
  throw new SubletError('invalid', `${machine.label} did not say what time it is.`)
}

function fraction(done: number, total: number): number {
  return total === 0 ? 1 : Math.min(1, done / total)
}

function sentence(done: number, total: number, elapsedMs: number): string {
  if (total === 0 || done === 0 || elapsedMs < 500) {
    return `Uploading ${formatBytes(total)}`
  }
  const perMs = done / elapsedMs
  const left = formatDuration((total - done) / perMs)
  return `Uploading ${formatBytes(done)} of ${formatBytes(total)} at ${formatBytes(perMs * 1_000)}/s, ${left} left`
}
