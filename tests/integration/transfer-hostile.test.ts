import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { receiveTree } from '../../main/transfer/collect.ts'
import type { PathBytes } from '../../main/transfer/path-bytes.ts'
import { tarHeader, type TarMember } from '../../main/transfer/tar-write.ts'
import { sshdAvailable } from '../support/sshd.ts'
import { startTransferRig, type TransferRig } from '../support/transfer-rig.ts'

function member(path: string, content: string, more: Partial<TarMember> = {}): Buffer {
  const header = tarHeader({
    path: path as PathBytes,
    kind: 'file',
    mode: 0o644,
    mtimeMs: 0,
    size: content.length,
    ...more,
  })
  const padded = Buffer.alloc(Math.ceil(content.length / 512) * 512)
  padded.write(content)
  return Buffer.concat([header, padded])
}

describe.skipIf(!sshdAvailable())('a machine that lies', () => {
  let rig: TransferRig

  beforeAll(async () => {
    rig = await startTransferRig()
  })
  afterAll(async () => await rig.stop())

  /** Puts a tool before the real one on the machine's PATH. */
  function fake(tool: string, script: string): void {
    const path = join(rig.sshd.home, 'bin', tool)
    writeFileSync(path, `#!/bin/sh\n${script}\n`)
    chmodSync(path, 0o755)
  }

  it('cannot write outside the folder by names or links in the tar stream', async () => {
    const there = join(rig.sshd.home, 'tar')
    mkdirSync(there)
    writeFileSync(join(there, 'asked'), 'four')
    const outside = await rig.folder('outside')
    const archive = Buffer.concat([
      member('x', '', { kind: 'symlink', target: outside as PathBytes }),
      member('x/evil', 'evil'),
      member('../../evil', 'evil'),
      member(`/${outside}/evil`, 'evil'),
      member('asked', 'far more than four bytes'),
      member('asked', 'four'),
      member('not asked', 'evil'),
      Buffer.alloc(1024),
    ])
    writeFileSync(join(rig.sshd.home, 'archive'), archive)
    fake('tar', 'exec cat "$HOME/archive"')
    const home = await rig.folder('home')
    const report = await receiveTree(rig.machine, 'tar', home, {
      state: await rig.state('tar'),
      verify: false,
    })
    expect(readdirSync(home)).toEqual(['asked'])
    expect(readFileSync(join(home, 'asked'), 'utf8')).toBe('four')
    expect(report.filesReceived).toBe(1)
    expect(readdirSync(outside)).toEqual([])
    fake('tar', 'exec /bin/tar "$@"')
  })

  it('cannot write outside the folder by names in the listing', async () => {
    mkdirSync(join(rig.sshd.home, 'list'))
    fake(
      'find',
      `case "$*" in *readlink*) printf './in//../out\\n\\0./abs///etc\\n\\0./deep//a/../../..\\n\\0' ;;
*) for p in ./../evil ./a/../../evil .//evil ./ok ./..; do printf '81a4 4 1 1 %s//\\n' "$p"; done
for p in ./in ./abs ./deep; do printf 'a1ff 4 1 1 %s//\\n' "$p"; done ;; esac`,
    )
    const home = await rig.folder('home')
    const report = await receiveTree(rig.machine, 'list', home, {
      state: await rig.state('list'),
      verify: true,
    })
    fake('find', 'exec /usr/bin/find "$@"')
    expect(readdirSync(home)).toEqual([])
    expect(report.warnings.length).toBeGreaterThanOrEqual(7)
    expect(existsSync(join(home, '..', 'evil'))).toBe(false)
  })

  it('cannot reach through a link that the user has in the output folder', async () => {
    const there = join(rig.sshd.home, 'through')
    mkdirSync(join(there, 'sub'), { recursive: true })
    writeFileSync(join(there, 'sub', 'file'), 'theirs')
    const home = await rig.folder('home')
    const outside = await rig.folder('outside')
    symlinkSync(outside, join(home, 'sub'))
    const report = await receiveTree(rig.machine, 'through', home, {
      state: await rig.state('through'),
      verify: true,
    })
    expect(readdirSync(outside)).toEqual([])
    expect(readFileSync(join(home, 'sub.from-job', 'file'), 'utf8')).toBe('theirs')
    expect(report.warnings.map(({ path }) => path)).toEqual(['sub'])
    expect(report.verified).toBe(true)
  })
})
