import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { existsSync } from 'node:fs'
import { mkdir, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { receiveTree } from '../../main/transfer/collect.ts'
import { frozenFromJson, frozenToJson } from '../../main/transfer/frozen.ts'
import { sendTree } from '../../main/transfer/send.ts'
import { describeTree, makeHardTree } from '../support/hard-tree.ts'
import { sshdAvailable } from '../support/sshd.ts'
import { startTransferRig, type TransferRig } from '../support/transfer-rig.ts'

const BUSYBOX_TOOLS = [
  'tar',
  'find',
  'stat',
  'xargs',
  'sha256sum',
  'mv',
  'rm',
  'touch',
  'chmod',
  'readlink',
  'df',
  'date',
  'awk',
  'mkdir',
  'dirname',
  'gzip',
]

describe.skipIf(!sshdAvailable()).each([
  { tools: 'GNU', shell: '/bin/bash' },
  { tools: 'GNU', shell: '/bin/dash' },
  { tools: 'busybox', shell: '/usr/bin/busybox sh' },
])('a hard tree under $shell with $tools tools', ({ tools, shell }) => {
  let rig: TransferRig

  beforeAll(async () => {
    rig = await startTransferRig({ shell })
    if (tools !== 'busybox') return
    const bin = join(rig.sshd.home, 'bin')
    await mkdir(bin, { recursive: true })
    for (const tool of BUSYBOX_TOOLS) await symlink('/usr/bin/busybox', join(bin, tool))
    // Without openssl, the hashes come from sha256sum.
    await symlink('/bin/false', join(bin, 'openssl'))
  })
  afterAll(async () => await rig.stop())

  it('arrives and comes home identical, or is named in a warning', async () => {
    const source = await rig.folder('source')
    const left = makeHardTree(source)
    const { frozen, scan } = await rig.freeze(source)
    expect(scan.warnings.map(({ path }) => path as string).sort()).toEqual([...left].sort())

    const sent = await sendTree(rig.machine, frozenFromJson(frozenToJson(frozen)), 'in/put')
    const there = join(rig.sshd.home, 'in/put')
    const wanted = describeTree(source, left)
    expect(describeTree(there)).toEqual(wanted)
    expect(existsSync(join(there, '.sublet-partial'))).toBe(false)
    expect(sent.filesSent).toBe(frozen.entries.filter(({ kind }) => kind === 'file').length)

    const again = await sendTree(rig.machine, frozen, 'in/put', { exact: true })
    expect(again).toMatchObject({ filesSent: 0, bytesSent: 0 })

    const home = await rig.folder('home')
    const got = await receiveTree(rig.machine, 'in/put', home, {
      state: await rig.state('hard'),
      verify: true,
    })
    expect(got.warnings).toEqual([])
    expect(got.verified).toBe(true)
    expect(describeTree(home)).toEqual(wanted)

    const same = await receiveTree(rig.machine, 'in/put', home, {
      state: await rig.state('hard'),
      verify: true,
    })
    expect(same).toMatchObject({ filesReceived: 0, verified: true, renamed: [], warnings: [] })
    expect(describeTree(home)).toEqual(wanted)
  })
})
