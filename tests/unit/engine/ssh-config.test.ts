import { chmod, mkdir, mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { silentLogger } from '../../../main/domain/logger.ts'
import { SshConfig } from '../../../main/engine/ssh-config.ts'
import { hostBlock, includes, sshAlias } from '../../../main/engine/ssh-config-text.ts'
import { HomePaths } from '../../../main/jobs/home-paths.ts'
import { runnerRig, type RunnerRig } from '../../support/runner-rig.ts'

let dir: string
let rig: RunnerRig
let config: SshConfig

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'sublet-ssh-config-'))
  rig = runnerRig()
  const paths = new HomePaths(join(dir, 'home'))
  const { journal } = rig.deps
  config = new SshConfig({ journal, paths, log: silentLogger, userDir: join(dir, 'user') })
})
afterEach(async () => {
  rig.close()
  await rm(dir, { recursive: true })
})

describe('the line in the user’s SSH configuration', () => {
  it('goes to the top; mode and contents stay, and a second time changes nothing', async () => {
    await mkdir(join(dir, 'user', '.ssh'), { recursive: true })
    const mine = 'Host mine\n  Port 2222\n'
    await writeFile(config.userFile, mine)
    await chmod(config.userFile, 0o640)
    expect(await config.isIncluded()).toBe(false)
    await config.include()
    await config.include()
    expect(await readFile(config.userFile, 'utf8')).toBe(`${config.includeLine}\n\n${mine}`)
    expect((await stat(config.userFile)).mode & 0o777).toBe(0o640)
    expect(await config.isIncluded()).toBe(true)
    expect(await readdir(join(dir, 'user', '.ssh'))).toEqual(['config'])
  })

  it('makes the file and its folder where there are none, for the user alone', async () => {
    await config.include()
    expect((await stat(config.userFile)).mode & 0o777).toBe(0o600)
    expect((await stat(join(dir, 'user', '.ssh'))).mode & 0o777).toBe(0o700)
  })

  it('does not count inside a block, where it holds for other hosts only', () => {
    expect(includes('Host x\n  Include "/a/b"\n', '/a/b')).toBe(false)
    expect(includes('# x\ninclude /z "/a/b"\nHost x\n', '/a/b')).toBe(true)
    expect(includes('Include=/a/b\n', '/a/b')).toBe(true)
  })
})

describe('an alias', () => {
  it('is a word whatever the job is called', () => {
    expect(sshAlias('job-01k9zzzzzzzzzzzzzzzzabcdef', 'Fine-tune ViT (2)')).toBe(
      'sublet-fine-tune-vit-2-abcdef',
    )
    expect(sshAlias('job-01k9zzzzzzzzzzzzzzzzabcdef', '训练')).toBe('sublet-job-abcdef')
  })

  it('names key and known hosts with checking on, quoted', () => {
    const block = hostBlock('a', {
      host: '127.0.0.1',
      port: 2200,
      user: 'root',
      identityFile: '/my home/id',
      knownHostsFile: '/my home/100%/known',
      jumps: ['me@jump:22'],
      workDir: '~/w',
    })
    expect(block).toContain('  IdentityFile "/my home/id"\n  IdentitiesOnly yes\n')
    expect(block).toContain('UserKnownHostsFile "/my home/100%%/known"')
    expect(block).toContain('StrictHostKeyChecking yes')
    expect(block).toContain('ProxyJump me@jump:22')
  })
})
