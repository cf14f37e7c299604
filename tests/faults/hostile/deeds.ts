import { randomBytes } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
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
    case 'log': {
      for await (const { bytes } of supervisor.followLog('attempt', 0, signal)) void bytes
      return told([])
    }
    case 'metrics': {
      for await (const { samples } of supervisor.followMetrics('attempt', 0, signal)) void samples
      return told([])
    }
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
