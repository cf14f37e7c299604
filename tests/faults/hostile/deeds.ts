import { randomBytes } from 'node:crypto'
import { mkdir, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { LogMirror } from '../../../main/jobs/log-mirror.ts'
import { MetricsStore, readSamples } from '../../../main/jobs/metrics-store.ts'
import { MetricsColumns } from '../../../main/jobs/monitor/metrics-columns.ts'
import { createRedactor } from '../../../main/logging/redactor.ts'
import type { Machine } from '../../../main/machine/machine.ts'
import { probeMachine } from '../../../main/machine/probe.ts'
import { Supervisor } from '../../../main/machine/supervisor/supervisor.ts'
import { receiveTree } from '../../../main/transfer/collect.ts'
import { freeze } from '../../../main/transfer/freeze.ts'
import { MirrorState } from '../../../main/transfer/mirror-state.ts'
import { listRemote } from '../../../main/transfer/remote-list.ts'
import { scanTree } from '../../../main/transfer/scan.ts'
import { sendTree } from '../../../main/transfer/send.ts'
import type { Deed } from './trick.ts'

/** What the engine's code made of the machine: sentences that a user may see, and results. */
export interface Done {
  readonly sentences: readonly string[]
  readonly arrived: readonly string[]
}

/** Where the trick is played: `output` is the user's folder, all else beside it must stay. */
export interface Stage {
  readonly folder: string
  readonly output: string
}

/** Does to a connected machine what the engine would. */
export async function doDeed(
  deed: Deed,
  machine: Machine,
  stage: Stage,
  signal: AbortSignal,
): Promise<Done> {
  const supervisor = new Supervisor(machine)
  switch (deed) {
    case 'connect':
      return told([machine.home])
    case 'exec': {
      const { stdout } = await machine.exec('true', { signal })
      return told([stdout])
    }
    case 'list': {
      const { warnings } = await listRemote(machine, 'results', { signal })
      return told(warnings.map(({ sentence }) => sentence))
    }
    case 'probe':
      await probeMachine(machine, { signal })
      return told([])
    case 'status':
      await supervisor.attemptStatus('attempt', { signal })
      return told([])
    case 'lease':
      await supervisor.readLease('rental', { signal })
      return told([])
    case 'log':
      return await keepLog(supervisor, stage, signal)
    case 'metrics':
      return await keepMetrics(supervisor, stage, signal)
    case 'forward': {
      const stream = await machine.forward(80, signal)
      for await (const chunk of stream) {
        if (signal.aborted) break
        void chunk
      }
      return told([])
    }
    case 'send':
      return await send(machine, stage, signal)
    case 'receive': {
      const state = await MirrorState.open(join(stage.folder, 'state'))
      const report = await receiveTree(machine, '/results', stage.output, {
        state,
        verify: true,
        signal,
      })
      return {
        sentences: report.warnings.map(({ sentence }) => sentence),
        arrived: report.files.map(({ path }) => path),
      }
    }
  }
}

/** Small limits at home, so that a flood reaches them at once. */
const mostLogBytes = 8 * 2 ** 20
const mostMetricsBytes = 2 * 2 ** 20
/** The sentence at the end of a log may stand behind its limit. */
const sentenceBytes = 1_000

async function keepLog(
  supervisor: Supervisor,
  { folder }: Stage,
  signal: AbortSignal,
): Promise<Done> {
  const path = join(folder, 'state', 'log')
  const mirror = await LogMirror.open(path, createRedactor().stream(), mostLogBytes)
  try {
    for await (const { bytes } of supervisor.followLog('attempt', 0, signal)) {
      await mirror.append(bytes)
      if (mirror.full) break
    }
  } finally {
    await mirror.finish()
  }
  if ((await stat(path)).size > mostLogBytes + sentenceBytes)
    throw new Error('The log is too large.')
  return told(mirror.full ? [mirror.fullSentence] : [])
}

async function keepMetrics(
  supervisor: Supervisor,
  { folder }: Stage,
  signal: AbortSignal,
): Promise<Done> {
  const path = join(folder, 'state', 'metrics')
  const store = new MetricsStore(path)
  let isFull = false
  for await (const { samples, nextOffset } of supervisor.followMetrics('attempt', 0, signal)) {
    isFull = !(await store.append(samples, nextOffset, mostMetricsBytes))
    if (isFull) break
  }
  const { next } = await readSamples(path, 0)
  const { size } = await stat(path).catch(() => ({ size: 0 })) // Nothing was worth keeping.
  if (size > mostMetricsBytes || next !== size) throw new Error('The figures cannot be read again.')
  const columns = new MetricsColumns(path, `${path}.columns`)
  await columns.catchUp()
  if (columns.gpus.length > 64) throw new Error('A machine has no so many GPUs.')
  return told(isFull ? ['The figures have reached their limit.'] : [])
}

function told(sentences: readonly string[]): Done {
  return { sentences, arrived: [] }
}

async function send(machine: Machine, { folder }: Stage, signal: AbortSignal): Promise<Done> {
  const data = join(folder, 'data')
  await mkdir(data)
  for (let n = 0; n < 5; n += 1) await writeFile(join(data, `${n}`), randomBytes(500_000))
  const { manifest } = await scanTree(data, { ignore: 'data' })
  const frozen = await freeze(manifest, join(folder, 'blobs'))
  await sendTree(machine, frozen, '/inputs', { signal })
  return told([])
}
