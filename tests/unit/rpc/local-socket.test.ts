import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import type { Server } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { admitClient, authenticateTo } from '../../../main/rpc/authenticate.ts'
import { lineTransport } from '../../../main/rpc/line-transport.ts'
import { connectLocal, listenLocal, socketAddress } from '../../../main/rpc/local-socket.ts'
import { memoryTransportPair } from '../../../main/rpc/memory-transport.ts'
import { ensureToken, readToken } from '../../../main/rpc/token.ts'

let dir: string
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'sublet-socket-'))
})
afterEach(() => rmSync(dir, { recursive: true }))

describe('the local socket', () => {
  it('lies in the home, or in a private temp folder when the path is too long', () => {
    expect(socketAddress('/home/u/.local/share/sublet', 'linux')).toBe(
      '/home/u/.local/share/sublet/engine.sock',
    )
    const long = socketAddress(`/${'ü'.repeat(60)}`, 'linux')
    expect(Buffer.byteLength(long)).toBeLessThanOrEqual(100)
    expect(long).toContain(tmpdir())
    expect(socketAddress('C:\\x', 'win32')).toMatch(/^\\\\\.\\pipe\\sublet-[0-9a-f]{16}$/)
  })

  it('works at a long path, for this user only', async () => {
    const address = socketAddress(join(dir, 'x'.repeat(120)))
    const server = await listenLocal(address, (socket) => socket.end())
    expect(statSync(dirname(address)).mode & 0o777).toBe(0o700)
    expect(statSync(address).mode & 0o777).toBe(0o600)
    const socket = await connectLocal(address)
    expect(socket).not.toBeNull()
    socket?.destroy()
    await closed(server)
    rmSync(dirname(address), { recursive: true })
  })

  it('refuses a folder that others can enter', async () => {
    mkdirSync(join(dir, 'open'))
    chmodSync(join(dir, 'open'), 0o755)
    await expect(listenLocal(join(dir, 'open', 's'), () => undefined)).rejects.toMatchObject({
      code: 'permission',
    })
  })

  it('answers null where nobody listens, a left-over file included', async () => {
    const address = join(dir, 's')
    await expect(connectLocal(address)).resolves.toBeNull()
  })
})

describe('the token', () => {
  it('is written once, for its user only', () => {
    const path = join(dir, 'token')
    expect(readToken(path)).toBeNull()
    const token = ensureToken(path)
    expect(ensureToken(path)).toBe(token)
    expect(readToken(path)).toBe(token)
    expect(statSync(path).mode & 0o777).toBe(0o600)
  })

  it('lets both sides in when both know it', async () => {
    const [client, engine] = memoryTransportPair()
    await Promise.all([admitClient(engine, 'right'), authenticateTo(client, 'right')])
  })

  it('keeps a client out that does not know it', async () => {
    const [client, engine] = memoryTransportPair()
    const [admitted, connected] = await Promise.allSettled([
      admitClient(engine, 'right'),
      authenticateTo(client, 'wrong'),
    ])
    expect(admitted).toMatchObject({ status: 'rejected', reason: { code: 'unauthorised' } })
    expect(connected).toMatchObject({ status: 'rejected', reason: { code: 'unauthorised' } })
  })

  it('keeps a client from an engine that does not know it', async () => {
    const [client, engine] = memoryTransportPair()
    engine.receive((message) => {
      expect(message).toMatchObject({ t: 'proof' })
      engine.send({ t: 'welcome', proof: '0'.repeat(64) })
    })
    engine.send({ t: 'challenge', nonce: 'a'.repeat(64) })
    await expect(authenticateTo(client, 'right')).rejects.toMatchObject({ code: 'unauthorised' })
  })

  it.each([null, 'x', { t: 'proof' }, { t: 'hello', version: '1' }])(
    'keeps out who says %j instead of a proof',
    async (message) => {
      const [client, engine] = memoryTransportPair()
      client.send(message)
      await expect(admitClient(engine, 'right')).rejects.toMatchObject({ code: 'unauthorised' })
    },
  )

  it('never crosses the socket', async () => {
    const address = join(dir, 's')
    const seen: Buffer[] = []
    const server = await listenLocal(address, (socket) => {
      socket.on('data', (chunk) => seen.push(chunk))
      void admitClient(lineTransport(socket), 'the-token-itself')
    })
    const socket = await connectLocal(address)
    if (socket === null) throw new Error('nobody listens')
    socket.on('data', (chunk) => seen.push(chunk))
    await authenticateTo(lineTransport(socket), 'the-token-itself')
    expect(Buffer.concat(seen).toString()).toContain('proof')
    expect(Buffer.concat(seen).toString()).not.toContain('the-token-itself')
    socket.destroy()
    await closed(server)
  })
})

async function closed(server: Server): Promise<void> {
  await new Promise((resolve) => server.close(resolve))
}
