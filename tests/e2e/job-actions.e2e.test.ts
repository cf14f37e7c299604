import { readFile, rm, stat, writeFile } from 'node:fs/promises'
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { testUser, type TestUser } from '../support/cli.ts'
import { withEngine } from '../support/engine-client.ts'
import { eventually } from '../support/eventually.ts'
import { writeGatedScript } from '../support/gated-script.ts'

let user: TestUser
let gate: string

beforeEach(async () => {
  user = await testUser()
  gate = await writeGatedScript(user.work)
})
afterEach(async () => await user.stop())

const inputs = ['--script', 'job', '--command', 'sh job.sh', '--provider', 'sandbox']

async function running(): Promise<string> {
  const job = await user.submit([...inputs, '--output', 'out'])
  await user.until(({ id, state }) => id === job && state === 'running', 'the job to run')
  return job
}

async function finish(): Promise<void> {
  await writeFile(gate, '')
  await user.events(['watch', '--until-idle'])
}

describe('what a job leaves and how it is reached', () => {
  it('says what stopping would bring, what came home, and when files are gone again', async () => {
    const job = await running()
    await withEngine(user.home, async (api) => {
      const preview = await eventually(
        async () => {
          const asked = await api.jobs.stopPreview({ jobId: job })
          return asked.files === 1 ? asked : null
        },
        { timeoutMs: 10_000, everyMs: 200, what: 'the first result on the machine' },
      )
      expect(preview).toMatchObject({ bytes: 6, files: 1 })
      expect(preview.collectMs).toBeGreaterThan(preview.discardMs)
      const stream = await api.jobs.outputs({ jobId: job, most: 10 })
      expect(stream.snapshot).toMatchObject({ files: [], totalFiles: 0 })
      await writeFile(gate, '')
      let last = stream.snapshot
      for await (const outputs of stream.events) last = outputs
      expect(last).toMatchObject({ totalFiles: 2, totalBytes: 16, folderExists: true })
      expect(last.files.map((file) => file.path).sort()).toEqual(['first.txt', 'note.txt'])
      expect(last.files.every((file) => file.verified && file.exists && file.at !== null)).toBe(
        true,
      )
    })
    await user.events(['watch', '--until-idle'])
    await rm(join(user.work, 'out', 'first.txt'))
    await withEngine(user.home, async (api) => {
      const { snapshot } = await api.jobs.outputs({ jobId: job, most: 10 })
      expect(snapshot.files.find((file) => file.path === 'first.txt')?.exists).toBe(false)
    })
  })

  it('runs again exactly what was frozen, into a folder of its own', async () => {
    const job = await running()
    await finish()
    await writeFile(join(user.work, 'job', 'note.txt'), 'edited since\n')
    await writeFile(join(user.work, 'job', 'job.sh'), 'exit 9\n')

    const again = await withEngine(user.home, async (api) => {
      const proposal = await api.jobs.proposeAgain({ jobId: job, environment: {} })
      expect(proposal.spec.outputDir).toBe(join(user.work, 'out-2'))
      expect(proposal.understood[0]).toContain('2 files')
      const { outputDir } = proposal.spec
      const { ceiling } = proposal
      const environment = {}
      return api.jobs.retry({ jobId: job, outputDir, ceiling, acceptsNoLease: false, environment })
    })
    await user.events(['watch', '--until-idle'])

    const detail = await user.show(again.jobId)
    expect(detail).toMatchObject({ inputsOf: job, summary: { state: 'done', exitCode: 0 } })
    expect(await readFile(join(user.work, 'out-2', 'note.txt'), 'utf8')).toBe('as it was\n')
    expect(await readFile(join(user.work, 'out', 'note.txt'), 'utf8')).toBe('as it was\n')
  })

  it('writes an alias that the system ssh can use, for as long as there is a machine', async () => {
    const job = await running()
    const route = await withEngine(user.home, (api) =>
      api.jobs.editor({ jobId: job, mayEditSshConfig: false }),
    )
    expect(route.included).toBe(false)
    expect(route.uri).toMatch(
      new RegExp(`^vscode://vscode-remote/ssh-remote\\+${route.alias}/.*/work$`),
    )
    const text = await readFile(route.configFile, 'utf8')
    expect(text).toContain('StrictHostKeyChecking yes')
    expect(text).not.toContain('PRIVATE KEY')
    expect((await stat(route.configFile)).mode & 0o777).toBe(0o600)
    const ssh = promisify(execFile)
    const { stdout } = await ssh('ssh', ['-F', route.configFile, route.alias, 'echo reached'])
    expect(stdout).toBe('reached\n')

    await finish()

    expect(await readFile(route.configFile, 'utf8')).not.toContain(route.alias)
    await withEngine(user.home, async (api) => {
      const gone = api.jobs.editor({ jobId: job, mayEditSshConfig: false })
      await expect(gone).rejects.toMatchObject({ code: 'conflict' })
    })
  })
})
