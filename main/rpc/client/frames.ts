import { z } from 'zod'
import { wireErrorSchema } from '../../../preload/contract/errors.ts'

const id = z.int().nonnegative()
const method = z.string().max(200)

/** First frame in both directions. Its form never changes: every version must understand it. */
export const helloSchema = z.object({
  t: z.literal('hello'),
  version: z.string().max(100),
  contractVersion: z.int(),
  /** What speaks: `cli`, `desktop`, `serve`, `engine`. */
  role: z.string().max(100),
})
export type Hello = Omit<z.infer<typeof helloSchema>, 't'>

/** What a client may send. */
export const clientFrameSchema = z.discriminatedUnion('t', [
  helloSchema,
  z.object({ t: z.literal('call'), id, method, input: z.unknown() }),
  z.object({ t: z.literal('open'), id, method, input: z.unknown(), credit: id }),
  /** Allows the stream `credit` further events. */
  z.object({ t: z.literal('credit'), id, credit: id }),
  z.object({ t: z.literal('cancel'), id }),
  /** A newer client asks this engine to leave; like `hello`, never changes its form. */
  z.object({ t: z.literal('drain') }),
])
export type ClientFrame = z.infer<typeof clientFrameSchema>

/** What an engine may send. */
export const serverFrameSchema = z.discriminatedUnion('t', [
  helloSchema,
  z.object({
    t: z.literal('result'),
    id,
    result: z.discriminatedUnion('ok', [
      z.object({ ok: z.literal(true), value: z.unknown() }),
      z.object({ ok: z.literal(false), error: wireErrorSchema }),
    ]),
  }),
  z.object({ t: z.literal('snapshot'), id, seq: id, value: z.unknown() }),
  z.object({ t: z.literal('event'), id, seq: id, value: z.unknown() }),
  /** The stream is over; with an error when it broke. */
  z.object({ t: z.literal('end'), id, error: wireErrorSchema.optional() }),
])
export type ServerFrame = z.infer<typeof serverFrameSchema>
