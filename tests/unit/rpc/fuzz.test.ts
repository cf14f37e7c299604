import { duplexPair, PassThrough } from 'node:stream'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { LineSplitter } from '../../../main/rpc/line-splitter.ts'
import { lineTransport } from '../../../main/rpc/line-transport.ts'
import { silentLogger } from '../../../main/domain/logger.ts'
import { createRouter } from '../../../main/rpc/router.ts'
import { serveTest, testContract, testHandlers, testHello } from '../../support/rpc-pair.ts'
import { eventually } from '../../support/eventually.ts'

const context = {
  signal: new AbortController().signal,
  client: { role: 'test', version: '1' },
}

describe('whatever comes in', () => {
  it('the router answers and never throws', async () => {
    const router = createRouter(testContract, testHandlers, silentLogger)
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(fc.string(), fc.constantFrom('maths.double', 'maths.count')),
        fc.anything(),
        async (method, input) => {
          const results = [
            await router.call(method, input, context),
            await router.open(method, input, context),
          ]
          for (const result of results) {
            if (!result.ok) expect(['invalid', 'unsupported']).toContain(result.error.code)
          }
        },
      ),
    )
  })

  it('a connection survives well-formed frames and closes on others, with a reason', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.jsonValue(), { minLength: 1, maxLength: 5 }),
        async (messages) => {
          const { clientEnd } = serveTest()
          let reason: string | null = null
          clientEnd.receive(() => undefined)
          clientEnd.onClose((why) => {
            reason = why
          })
          clientEnd.send({ t: 'hello', ...testHello })
          for (const message of messages) clientEnd.send(message)
          await eventually(() => reason, { everyMs: 0 })
          expect(reason).toMatch(/unknown form/)
        },
      ),
      { numRuns: 50 },
    )
  })

  it('the first frame must be hello', async () => {
    const { clientEnd } = serveTest()
    let reason = ''
    clientEnd.onClose((why) => {
      reason = why
    })
    clientEnd.send({ t: 'call', id: 1, method: 'maths.double', input: { value: 1 } })
    await eventually(() => reason)
    expect(reason).toMatch(/hello/)
  })

  it('lines come back however the bytes are cut', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: 'grapheme' }).map((text) => text.replaceAll('\n', ' '))),
        fc.array(fc.nat(20)),
        (lines, cuts) => {
          const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(''))
          const splitter = new LineSplitter(1_000)
          const seen: string[] = []
          let at = 0
          for (const cut of [...cuts, bytes.length]) {
            const problem = splitter.push(bytes.subarray(at, at + cut), (line) => {
              seen.push(line.toString())
            })
            expect(problem).toBeNull()
            at += cut
          }
          expect(seen).toEqual(lines)
        },
      ),
    )
  })

  it.each([
    ['bytes that are not UTF-8', Buffer.from([0x22, 0xff, 0x22, 0x0a]), /not JSON/],
    ['text that is not JSON', Buffer.from('GET / HTTP/1.1\r\n'), /not JSON/],
    ['a line without end', Buffer.alloc(17 * 2 ** 20, 0x61), /more than/],
  ])('the socket closes on %s', async (_, bytes, expected) => {
    const socket = new PassThrough()
    const transport = lineTransport(socket)
    let reason = ''
    transport.onClose((why) => {
      reason = why
    })
    transport.receive(() => undefined)
    socket.write(bytes)
    await eventually(() => reason)
    expect(reason).toMatch(expected)
  })

  it('a peer that takes nothing is cut off before it fills the memory', () => {
    const [socket] = duplexPair()
    const transport = lineTransport(socket)
    let reason = ''
    transport.onClose((why) => {
      reason = why
    })
    for (let i = 0; i < 4; i += 1) transport.send('x'.repeat(15 * 2 ** 20))
    expect(reason).toBe('')
    transport.send('x'.repeat(15 * 2 ** 20))
    expect(reason).toMatch(/does not read/)
  })

  it('an answer too large to send becomes an error, and the connection goes on', async () => {
    const big = { value: 1, pad: 'x'.repeat(17 * 2 ** 20) }
    const { clientEnd } = serveTest({
      maths: {
        ...testHandlers.maths,
        count: async () => ({
          snapshot: { from: 0 },
          events: (async function* () {
            yield big
          })(),
        }),
      },
    })
    const frames: unknown[] = []
    clientEnd.receive((message) => frames.push(message))
    clientEnd.send({ t: 'hello', ...testHello })
    clientEnd.send({ t: 'open', id: 1, method: 'maths.count', input: { to: 1 }, credit: 1 })
    await eventually(() => frames.length === 3)
    expect(frames[2]).toMatchObject({ t: 'end', error: { code: 'internal' } })
    clientEnd.send({ t: 'call', id: 2, method: 'maths.double', input: { value: 1 } })
    await eventually(() => frames.length === 4)
  })
})
