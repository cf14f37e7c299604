import { chmodSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { MachineRecord } from '../records.ts'
import { gpuModels } from '../gpu-models.ts'
import { nvidiaSmiScript } from './nvidia-smi.ts'
import { rocmSmiScript } from './rocm-smi.ts'
import { gpuInventory } from './gpu-figures.ts'

/** The folders of one machine. All are private (0700) and go with the machine. */
export interface Area {
  readonly root: string
  /** HOME, and where SFTP paths start. */
  readonly home: string
  /** First on PATH. */
  readonly bin: string
  /** Between the machine's tools and the cloud: GPU figures, token, requests. */
  readonly sys: string
  readonly tmp: string
}

export function areaOf(machinesDir: string, id: string): Area {
  const root = join(machinesDir, id)
  return {
    root,
    home: join(root, 'home'),
    bin: join(root, 'bin'),
    sys: join(root, 'sys'),
    tmp: join(root, 'tmp'),
  }
}

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`

/** Creates a machine's folders and tools; harmless when they are there. */
export function prepareArea(area: Area, record: MachineRecord): void {
  for (const folder of [area.root, area.home, area.bin, area.sys, area.tmp]) {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
  }
  const profile = join(area.home, '.profile')
  if (!existsSync(profile)) {
    // A login shell reads the system's profile first, and that one sets PATH anew.
    const line = `case ":$PATH:" in ${quoted(`:${area.bin}`)}:*) ;; *) PATH=${quoted(area.bin)}:$PATH; export PATH ;; esac\n`
    writeFileSync(profile, line, { mode: 0o600 })
    writeFileSync(join(area.home, '.zprofile'), line, { mode: 0o600 })
  }
  writeFileSync(join(area.sys, 'token'), record.token, { mode: 0o600 })
  tool(area, 'sandbox-self-terminate', selfTerminateScript(area))
  if (record.gpu === null) return
  const model = gpuModels[record.gpu.model]
  const inventory = gpuInventory(record.id, model, record.gpu.count)
  writeFileSync(join(area.sys, 'gpus'), inventory, { mode: 0o600 })
  if (model.vendor === 'nvidia') tool(area, 'nvidia-smi', nvidiaSmiScript(quoted(area.sys)))
  else tool(area, 'rocm-smi', rocmSmiScript(quoted(area.sys)))
}

/** Deletes everything, also folders that a job has made unreadable. */
export function removeArea(area: Area): void {
  rmSync(area.root, { recursive: true, force: true, maxRetries: 5, retryDelay: 20 })
}

/** The file by which a machine asks to be ended: it holds the machine's token. */
export const terminationRequest = (area: Area): string => join(area.sys, 'terminate')

function tool(area: Area, name: string, script: string): void {
  const path = join(area.bin, name)
  writeFileSync(path, script, { mode: 0o755 })
  chmodSync(path, 0o755)
}

function selfTerminateScript(area: Area): string {
  const sys = quoted(area.sys)
  return `#!/bin/sh
# Ends this simulated machine, from the machine itself. The cloud checks the token.
umask 077
cp ${sys}/token ${sys}/terminate.new && mv ${sys}/terminate.new ${sys}/terminate || exit 1
tries=0
while [ "$tries" -lt 30 ]; do
  sleep 1
  tries=$((tries + 1))
done
echo 'sandbox-self-terminate: the sandbox did not answer within 30 s; ask again.' >&2
exit 1
`
}
