import { afterEach, beforeEach, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { contract, contractVersion } from '../../preload/contract/contract.ts'
import { createClient } from '../../main/rpc/client/client.ts'
import { webSocketTransport } from '../../main/rpc/client/web-socket-transport.ts'
import { testUser } from '../support/cli.ts'
import type { TestUser } from '../support/cli.ts'
import { open, serve, type PageSession } from '../support/page-host.ts'

let user: TestUser
beforeEach(async () => {
  user = await testUser()
})
afterEach(() => user.stop())

async function dial(link: string, { cookie, key }: PageSession) {
  const { origin, host } = new URL(link)
  const headers = { cookie, origin }
  const socket = new WebSocket(`ws://${host}/engine`, ['sublet', key], { headers })
  const hello = { version: '0.1.0', contractVersion, role: 'page' }
  // The ws client is a browser's WebSocket in all that the transport uses.
  const transport = webSocketTransport(socket as unknown as globalThis.WebSocket)
  return await createClient(contract, transport, hello)
}

test('a link opens the app, which reaches the engine with the host’s own variables', async () => {
  const { links, enter, stop, host } = await serve(user, { SSH_AUTH_SOCK: '/nowhere/agent' })
  const [first = ''] = links()
  const session = await open(first)
  if (session === null) throw new Error('The first link does not let in.')
  expect(await open(first)).toBeNull()
  expect(await open(await enter())).not.toBeNull()
  const client = await dial(first, session)
  expect(client.engine.role).toBe('engine')
  const { checks } = await client.api.system.doctor({ environment: { SSH_AUTH_SOCK: '/stolen' } })
  expect(JSON.stringify(checks)).not.toContain('/stolen')
  expect(await stop()).toBe(0)
  expect(await client.closed).not.toBe('')
  expect(host.stdout()).toContain('Nothing is running.')
  expect(host.stderr().trim()).toBe('')
})

test('a port that is taken is said in one sentence', async () => {
  const { links, stop } = await serve(user)
  const port = new URL(links()[0] ?? '').port
  const second = await user.run(['serve', '--no-open', '--port', port])
  expect(second.stderr).toContain(`Port ${port} on 127.0.0.1 cannot be used`)
  expect(second.exitCode).not.toBe(0)
  await stop()
})
