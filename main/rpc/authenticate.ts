import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { z } from 'zod'
import { SubletError } from '../domain/errors.ts'
import type { Transport } from './client/transport.ts'

const nonce = z.string().regex(/^[0-9a-f]{64}$/)
const challengeSchema = z.object({ t: z.literal('challenge'), nonce })
const proofSchema = z.object({ t: z.literal('proof'), nonce, proof: nonce })
const welcomeSchema = z.object({ t: z.literal('welcome'), proof: nonce })

const answerWithinMs = 5_000

/**
 * The engine's half: proceeds only with a client that knows the token, and proves the same in
 * return. Rejects with `unauthorised` (and closes) otherwise. Nothing else is read before.
 */
export async function admitClient(transport: Transport, token: string): Promise<void> {
  const ours = randomBytes(32).toString('hex')
  const answer = nextMessage(transport)
  transport.send({ t: 'challenge', nonce: ours })
  const claim = proofSchema.safeParse(await answer)
  if (
    !claim.success ||
    !matches(claim.data.proof, prove(token, 'client', ours, claim.data.nonce))
  ) {
    // Said aloud, so that the client can tell a refusal from a lost connection.
    transport.send({ t: 'refused' })
    throw refuse(transport, 'the client does not know the token')
  }
  transport.send({ t: 'welcome', proof: prove(token, 'engine', ours, claim.data.nonce) })
}

/** The client's half: rejects with `unauthorised` unless the engine knows the token too. */
export async function authenticateTo(transport: Transport, token: string): Promise<void> {
  const ours = randomBytes(32).toString('hex')
  const challenge = challengeSchema.safeParse(await nextMessage(transport))
  if (!challenge.success) throw refuse(transport, 'the peer is no engine')
  const theirs = challenge.data.nonce
  const answer = nextMessage(transport)
  transport.send({ t: 'proof', nonce: ours, proof: prove(token, 'client', theirs, ours) })
  const welcome = welcomeSchema.safeParse(await answer)
  if (!welcome.success || !matches(welcome.data.proof, prove(token, 'engine', theirs, ours))) {
    throw refuse(transport, 'the engine does not know the token')
  }
}

function prove(token: string, who: 'client' | 'engine', engines: string, clients: string): string {
  return createHmac('sha256', token).update(`${who}\n${engines}\n${clients}`).digest('hex')
}

function matches(claimed: string, expected: string): boolean {
  return timingSafeEqual(Buffer.from(claimed, 'hex'), Buffer.from(expected, 'hex'))
}

function refuse(transport: Transport, why: string): SubletError {
  transport.close(why)
  return new SubletError(
    'unauthorised',
    `The connection was refused: ${why}. Stop the engine and start it again.`,
  )
}

/** One message; whatever follows stays for the next reader. `unreachable` when none came. */
function nextMessage(transport: Transport): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => transport.close('the peer did not answer in time'),
      answerWithinMs,
    )
    timer.unref()
    transport.onClose((reason) => {
      clearTimeout(timer)
      reject(new SubletError('unreachable', `The connection was lost at its start: ${reason}.`))
    })
    transport.receive((message) => {
      transport.receive(null)
      clearTimeout(timer)
      resolve(message)
    })
  })
}
