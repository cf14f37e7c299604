import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { firstLeaseScript } from '../../main/machine/supervisor/first-lease.ts'
import { onstartFor } from '../../main/providers/vast/onstart.ts'
import {
  selfTerminateCommand,
  selfTerminateProof,
} from '../../main/providers/vast/self-terminate.ts'
import { startFakeCloud, type FakeCloud } from '../support/clouds/fake-cloud.ts'
import { VastWorld } from '../support/clouds/vast-world.ts'
import { eventually } from '../support/eventually.ts'
import { newLoginKey, newRentalId } from '../support/rent.ts'
import { steppingClock } from '../support/stepping-clock.ts'

// What runs in a container of Vast.ai, in a real shell, with a folder of the test for root's home.

const run = promisify(execFile)
const { publicKey } = newLoginKey()
let root: string
let cloud: FakeCloud<VastWorld>

beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'sublet-vast-'))
  cloud = await startFakeCloud(new VastWorld(steppingClock(Date.now())), {})
})
afterEach(async () => {
  await cloud.close()
  rmSync(root, { recursive: true, force: true })
})

const sh = (text: string, env: Readonly<Record<string, string>> = {}, path = process.env['PATH']) =>
  run('/bin/sh', ['-c', text], {
    env: { PATH: path, HOME: root, ...env },
  })

const containerOf = (id: string) => ({ CONTAINER_ID: id, CONTAINER_API_KEY: `container-${id}` })

function plantMachine(): string {
  const id = cloud.world.plant({ kind: 'machine', name: 'x' })
  if (id === null) throw new Error('The world has planted no machine.')
  return id
}

it('lets the key in once and runs the script at the first start only', async () => {
  const onstart = onstartFor(publicKey, `echo "it's on" >>${root}/told\n`)
  const started = async () => sh(onstart, containerOf('12'))
  await started()
  await eventually(() => readFileSync(join(root, 'told'), 'utf8') !== '', { what: 'the script' })
  await started()
  await sh('sleep 0.1')
  expect(readFileSync(join(root, 'told'), 'utf8')).toBe("it's on\n")
  expect(readFileSync(join(root, '.ssh/authorized_keys'), 'utf8')).toBe(`${publicKey}\n`)
  expect(statSync(join(root, '.sublet-vast')).mode & 0o777).toBe(0o600)
  expect(statSync(join(root, '.no_auto_tmux')).isFile()).toBe(true)
})

it('fits the first watchdog with its hook into what Vast.ai takes', () => {
  const script = firstLeaseScript({
    rentalId: newRentalId(),
    endsInS: 7_200,
    sentAtS: 1_790_000_000,
    bootS: 180,
    afterExitS: 7_200,
    idleS: 1_800,
    graceS: 60,
    hook: selfTerminateCommand('https://console.vast.ai', null),
  })
  expect(script.length).toBeLessThan(4_096)
  expect(onstartFor(publicKey, script).length).toBeLessThanOrEqual(4_048)
  const noise = Array.from({ length: 6_000 }, (_, index) => Math.sin(index).toString(36)).join('')
  expect(() => onstartFor(publicKey, noise)).toThrow('too long for Vast.ai')
})

it('ends the machine by itself, in a session that sees no variables', async () => {
  const id = plantMachine()
  await sh(onstartFor(publicKey, undefined), containerOf(id))
  await sh(selfTerminateCommand(cloud.url, null))
  expect(cloud.world.live()).toBe(0)
})

it('ends it with python3 where there is no curl', async () => {
  const id = plantMachine()
  const withoutCurl = `curl() { return 127; }\n${selfTerminateCommand(cloud.url, id)}`
  await sh(withoutCurl, containerOf(id))
  expect(cloud.world.live()).toBe(0)
})

it('ends no other machine, and says that it has failed', async () => {
  const [mine, other] = [plantMachine(), plantMachine()]
  const command = selfTerminateCommand(cloud.url, null)
  await expect(
    sh(command, { CONTAINER_ID: other, CONTAINER_API_KEY: `container-${mine}` }),
  ).rejects.toThrow()
  expect(cloud.world.live()).toBe(2)
})

it('proves that it could end itself, and ends nothing by that', async () => {
  const [mine, other] = [plantMachine(), plantMachine()]
  await sh(onstartFor(publicKey, undefined), containerOf(mine))
  await sh(selfTerminateProof(cloud.url, null))
  await sh(`curl() { return 127; }\n${selfTerminateProof(cloud.url, null)}`)
  expect(cloud.world.live()).toBe(2)
  const quickly = (text: string) => text.replaceAll(/sleep \d/g, ':')
  const foreign = { CONTAINER_ID: other, CONTAINER_API_KEY: `container-${mine}` }
  await expect(sh(quickly(selfTerminateProof(cloud.url, null)), foreign)).rejects.toThrow()
})
