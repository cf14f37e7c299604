import {
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { connectTo } from '../../main/engine/connect.ts'
import type { ConnectOptions } from '../../main/engine/connect.ts'
import { homeAt } from '../../main/engine/home.ts'
import type { Home } from '../../main/engine/home.ts'
import { readEngineInfo, takeLock } from '../../main/engine/lock.ts'
import { eventually } from '../support/eventually.ts'
import { processesOfHome } from '../support/processes-of-home.ts'
import { testContract } from '../support/rpc-pair.ts'

const entry = fileURLToPath(new URL('../support/test-engine.ts', import.meta.url))

let home: Home

beforeEach(() => {
  home = homeAt(mkdtempSync(join(tmpdir(), 'sublet-engine-')))
})
afterEach(async () => {
  // Also those which lost a race and are only about to find out.
  await eventually(() => {
    const pids = processesOfHome(home.dir)
    for (const pid of pids) if (alive(pid)) process.kill(pid, 'SIGKILL')
    return pids.length === 0
  })
  rmSync(home.dir, { recursive: true })
})

async function connect(
  options: Partial<ConnectOptions> = {},
  environment: Record<string, string> = {},
  contractVersion = 1,
) {
  const client = await connectTo(testContract, contractVersion, {
    home: home.dir,
    clientVersion: '1.0.0',
    role: 'test',
    startIfAbsent: true,
    program: { entry, environment: { SUBLET_ENGINE_IDLE_MS: '300', ...environment } },
    ...options,
  })
  return { client, pid: enginePid() }
}

function enginePid(): number {
  return readEngineInfo(home)?.pid ?? -1
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false // ESRCH: this is the question.
  }
}

describe('the engine process', () => {
  it('starts on demand, serves, and leaves when nobody needs it', async () => {
    const { client, pid } = await connect()
    await expect(client.api.maths.double({ value: 4 })).resolves.toEqual({ value: 8 })
    const other = await connect()
    expect(other.pid).toBe(pid)
    client.close()
    await expect(other.client.api.maths.double({ value: 5 })).resolves.toEqual({ value: 10 })
    other.client.close()
    await eventually(() => !alive(pid))
    expect(readEngineInfo(home)).toBeNull()
    expect(existsSync(join(home.dir, 'engine.sock'))).toBe(false)
    expect(existsSync(join(home.dir, `stopped-${pid}`))).toBe(true)
  })

  it('stays while it has work, and leaves in order on SIGTERM', async () => {
    const { client, pid } = await connect(
      {},
      { SUBLET_ENGINE_TEST_JOBS: '1', SUBLET_ENGINE_IDLE_MS: '50' },
    )
    client.close()
    const again = await connect()
    expect(again.pid).toBe(pid)
    process.kill(pid, 'SIGTERM')
    await expect(again.client.closed).resolves.toMatch(/closed|left/)
    await eventually(() => !alive(pid))
    expect(existsSync(join(home.dir, `stopped-${pid}`))).toBe(true)
  })

  it('keeps everything to its user, and sees little of the environment', async () => {
    process.env['PLANTED_API_KEY'] = 'planted-value'
    const { client, pid } = await connect()
    delete process.env['PLANTED_API_KEY']
    expect(statSync(home.dir).mode & 0o777).toBe(0o700)
    for (const name of readdirSync(home.dir, { recursive: true, encoding: 'utf8' })) {
      // Node makes it before our umask holds; the folder around it lets nobody in.
      if (name.startsWith('cache/node/')) continue
      const stat = statSync(join(home.dir, name))
      expect(stat.mode & 0o077, name).toBe(0)
    }
    expect(statSync(join(home.dir, 'engine.sock')).mode & 0o777).toBe(0o600)
    client.close()
    await eventually(() => existsSync(join(home.dir, `stopped-${pid}`)))
    const names = readFileSync(join(home.dir, `stopped-${pid}`), 'utf8')
    expect(names).not.toContain('PLANTED')
    expect(names).toContain('SUBLET_HOME')
    expect(readFileSync(home.logFile, 'utf8')).not.toContain(
      readFileSync(home.tokenFile, 'utf8').trim(),
    )
  })

  it('is one, however many clients race to start it', async () => {
    const clients = await Promise.all([connect(), connect(), connect()])
    const answers = await Promise.all(
      clients.map(({ client }) => client.api.maths.double({ value: 1 })),
    )
    expect(answers).toEqual([{ value: 2 }, { value: 2 }, { value: 2 }])
    expect(new Set(clients.map(({ pid }) => pid)).size).toBe(1)
    const log = readFileSync(home.logFile, 'utf8')
    expect(log.match(/The engine starts/g)).toHaveLength(1)
  })

  it('comes back after SIGKILL with the same home, and the client hears of the loss', async () => {
    const { client, pid } = await connect()
    const homeId = readFileSync(home.homeIdFile, 'utf8')
    const waiting = client.api.maths.wait({})
    process.kill(pid, 'SIGKILL')
    await expect(waiting).rejects.toMatchObject({ code: 'unreachable' })
    const next = await connect()
    expect(next.pid).not.toBe(pid)
    await expect(next.client.api.maths.double({ value: 1 })).resolves.toEqual({ value: 2 })
    expect(readFileSync(home.homeIdFile, 'utf8')).toBe(homeId)
  })

  it('logs what nobody caught and ends, not in order', async () => {
    const { client, pid } = await connect()
    await client.api.maths.double({ value: 13 }).catch(() => undefined) // It may crash first.
    await eventually(() => !alive(pid))
    expect(readFileSync(home.logFile, 'utf8')).toContain('planned crash')
    expect(existsSync(join(home.dir, `stopped-${pid}`))).toBe(false)
  })
})

describe('hand-over', () => {
  it.each([
    ['version', { clientVersion: '1.1.0' }, 1],
    ['contract', {}, 2],
  ])(
    'a client with a newer %s replaces the engine, which finishes its writes',
    async (_, options, contract) => {
      const old = await connect({}, { SUBLET_ENGINE_TEST_JOBS: '1' })
      const { client, pid } = await connect(
        options,
        { SUBLET_ENGINE_TEST_VERSION: '1.1.0', SUBLET_ENGINE_TEST_CONTRACT: String(contract) },
        contract,
      )
      expect(pid).not.toBe(old.pid)
      expect(client.engine.version).toBe('1.1.0')
      expect(existsSync(join(home.dir, `stopped-${old.pid}`))).toBe(true)
      await expect(old.client.closed).resolves.toMatch(/./)
    },
  )

  it('an older client works with the newer engine, or is told to update', async () => {
    const { pid } = await connect(
      {},
      { SUBLET_ENGINE_TEST_VERSION: '1.1.0', SUBLET_ENGINE_TEST_CONTRACT: '2' },
    ).catch((error: unknown) => {
      expect(error).toMatchObject({
        code: 'version',
        message: expect.stringMatching(/update this/),
      })
      return { pid: enginePid() }
    })
    const same = await connect({ clientVersion: '1.0.5' }, {}, 2)
    expect(same.pid).toBe(pid)
  })
})

describe('refusals', () => {
  it('without an engine and without leave to start one', async () => {
    await expect(connect({ startIfAbsent: false })).rejects.toMatchObject({ code: 'unreachable' })
  })

  it('a wrong token', async () => {
    const { client } = await connect()
    await client.api.maths.double({ value: 1 })
    writeFileSync(home.tokenFile, 'f'.repeat(64))
    await expect(connect()).rejects.toMatchObject({ code: 'unauthorised' })
    await eventually(() => readFileSync(home.logFile, 'utf8').includes('does not know the token'))
  })

  it('a start that fails tells its last words', async () => {
    await expect(connect({}, { SUBLET_ENGINE_TEST_FAIL: '1' })).rejects.toMatchObject({
      code: 'unreachable',
      message: expect.stringMatching(/stopped at its start with status 1.*planned failure/s),
    })
  })

  it('a home whose engine is on another computer', async () => {
    writeFileSync(
      home.infoFile,
      JSON.stringify({ pid: 1, host: 'elsewhere', version: '1', address: 'x', startedAt: 1 }),
    )
    await expect(connect()).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('"elsewhere"'),
    })
  })

  it('a second holder of the lock, until the first lets go', () => {
    const info = { pid: 1, host: 'here', version: '1', address: 'x', startedAt: 1 }
    const first = takeLock(home, info)
    expect(first).not.toBeNull()
    expect(takeLock(home, info)).toBeNull()
    first?.release()
    const second = takeLock(home, info)
    expect(second).not.toBeNull()
    second?.release()
  })
})
