import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Home } from '../../main/engine/home.ts'
import { readEngineInfo } from '../../main/engine/engine-info.ts'
import { alive, EngineHome } from '../support/engine-home.ts'
import { eventually } from '../support/eventually.ts'

let place: EngineHome
let home: Home
const connect: EngineHome['connect'] = (...values) => place.connect(...values)

beforeEach(() => {
  place = new EngineHome()
  home = place.home
})
afterEach(() => place.remove())

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

  const asRoot = process.getuid?.() === 0
  if (!asRoot) process.stderr.write('Skipped: only root can try the socket as another user.\n')
  it.runIf(asRoot)('does not even let another user of the computer connect', async () => {
    await connect()
    const script = `require('net').connect(${JSON.stringify(join(home.dir, 'engine.sock'))})
      .on('connect', () => console.log('connected')).on('error', (e) => console.log(e.code))`
    const { stdout } = spawnSync(process.execPath, ['-e', script], {
      uid: 65_534,
      gid: 65_534,
      cwd: '/',
      encoding: 'utf8',
    })
    // Where that user cannot even run this Node there is nothing to see: then it is ''.
    expect(['EACCES\n', '']).toContain(stdout)
  })

  it('works in a home whose path is too long for a socket', async () => {
    const far = new EngineHome('x'.repeat(120))
    const { client } = await far.connect()
    await expect(client.api.maths.double({ value: 3 })).resolves.toEqual({ value: 6 })
    const address = readEngineInfo(far.home)?.address ?? ''
    expect(address.startsWith(far.home.dir)).toBe(false)
    expect(statSync(dirname(address)).mode & 0o777).toBe(0o700)
    client.close()
    await eventually(() => !existsSync(address))
    await far.remove()
    rmSync(dirname(address), { recursive: true })
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
      return { pid: place.pid }
    })
    const same = await connect({ clientVersion: '1.0.5' }, {}, 2)
    expect(same.pid).toBe(pid)
  })
})
