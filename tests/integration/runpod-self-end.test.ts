import { execFile, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { firstLeaseScript } from '../../main/machine/supervisor/first-lease.ts'
import { realPlace } from '../../main/providers/runpod/place.ts'
import {
  selfTerminateCommand,
  selfTerminateProof,
} from '../../main/providers/runpod/self-terminate.ts'
import { startFakeCloud, type FakeCloud } from '../support/clouds/fake-cloud.ts'
import { runpodSpec } from '../support/clouds/runpod-spec.ts'
import { podKeyOf, RunpodWorld } from '../support/clouds/runpod-world.ts'
import { newRentalId } from '../support/rent.ts'
import { steppingClock } from '../support/stepping-clock.ts'

const run = promisify(execFile)

/** Folders of programs that an image may have: curl or python3, and what the command needs beside. */
const tools = ['curl', 'python3'].filter((tool) => {
  if (spawnSync(tool, ['--version']).error === undefined) return true
  process.stderr.write(`SKIPPED: needs ${tool} (apt-get install ${tool}).\n`)
  return false
})
let folder: string
let cloud: FakeCloud<RunpodWorld>
let id: string

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sublet-runpod-'))
  for (const tool of tools) {
    mkdirSync(join(folder, tool))
    for (const program of [tool, 'sh', 'sed', 'tr', 'sleep'])
      symlinkSync(await placeOf(program), join(folder, tool, program))
  }
  cloud = await startFakeCloud(new RunpodWorld(steppingClock(Date.now())), { spec: runpodSpec })
})
afterAll(async () => {
  await cloud.close()
  rmSync(folder, { recursive: true, force: true })
  expect(cloud.described()?.problems ?? []).toEqual([])
})
beforeEach(() => {
  for (const pod of cloud.world.machines.all()) cloud.world.machines.end(pod)
  cloud.world.podKeysWork = true
  id = cloud.world.plant({ kind: 'machine', name: 'x' }) ?? ''
})

/** Behind the starters of version managers, which need more than this to start. */
async function placeOf(program: string): Promise<string> {
  const { stdout } =
    program === 'python3'
      ? await run('python3', ['-c', 'import sys; print(sys.executable)'])
      : await run('/bin/sh', ['-c', `command -v ${program}`])
  return stdout.trim()
}

describe.each(tools)('a pod whose image has %s', (tool) => {
  const sh = async (command: string, key = podKeyOf(id)): Promise<number> => {
    const env = { PATH: join(folder, tool), RUNPOD_POD_ID: id, RUNPOD_API_KEY: key }
    return await run('/bin/sh', ['-c', command], { env }).then(
      () => 0,
      (error: { readonly code: number }) => error.code,
    )
  }

  it('ends itself, knowing itself, and is content when it is gone already', async () => {
    expect(await sh(selfTerminateCommand(cloud.url, null))).toBe(0)
    expect(cloud.world.live()).toBe(0)
    expect(await sh(selfTerminateCommand(cloud.url, id))).toBe(0)
  })

  it('shows beforehand that it could, and is not ended by that', async () => {
    expect(await sh(selfTerminateProof(cloud.url, id))).toBe(0)
    expect(cloud.world.live()).toBe(1)
  })

  it('does not promise what the API refuses to its key', async () => {
    cloud.world.podKeysWork = false
    // Without the pauses between the tries.
    const proof = selfTerminateProof(cloud.url, id).replaceAll(/sleep \d/g, 'true')
    expect(await sh(proof)).not.toBe(0)
    expect(await sh(selfTerminateCommand(cloud.url, id))).not.toBe(0)
    expect(cloud.world.live()).toBe(1)
  })

  it('ends no other pod than itself', async () => {
    expect(await sh(selfTerminateCommand(cloud.url, id), podKeyOf('another'))).not.toBe(0)
    expect(cloud.world.live()).toBe(1)
  })
})

it('fits the first watchdog with its hook into what user data may be', () => {
  const script = firstLeaseScript({
    rentalId: newRentalId(),
    endsInS: 7_200,
    sentAtS: 1_790_000_000,
    bootS: 180,
    afterExitS: 7_200,
    idleS: 1_800,
    graceS: 60,
    hook: selfTerminateCommand(realPlace.baseUrl, null),
  })
  expect(script.length).toBeLessThan(4_096)
})
