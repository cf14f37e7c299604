import { toSubletError } from '../domain/errors.ts'
import type { Transport } from './client/transport.ts'

/**
 * Joins a renderer with the engine until either closes. A side that does not read stops the other
 * from being read, so that neither grows the host's memory. What the renderer calls its
 * environment is replaced by the host's: a renderer never holds credentials.
 */
export function relay(
  renderer: Transport,
  engine: Transport,
  environment: Readonly<Record<string, string>>,
): void {
  forward(renderer, engine, (frame) => withEnvironment(frame, environment))
  forward(engine, renderer, (frame) => frame)
}

/** A `call` or `open` whose input has an `environment` gets this one instead; all else is as it was. */
export function withEnvironment(
  frame: unknown,
  environment: Readonly<Record<string, string>>,
): unknown {
  if (!isObject(frame) || (frame['t'] !== 'call' && frame['t'] !== 'open')) return frame
  const { input } = frame
  if (!isObject(input) || !Object.hasOwn(input, 'environment')) return frame
  return { ...frame, input: { ...input, environment } }
}

function forward(from: Transport, to: Transport, change: (frame: unknown) => unknown): void {
  from.onClose((reason) => to.close(reason))
  const listen = (): void => {
    from.receive((frame) => {
      try {
        to.send(change(frame))
      } catch (error) {
        // Too large to pass on: the request could never be answered.
        to.close(toSubletError(error).message)
        return
      }
      from.receive(null)
      void to.drained().then(listen)
    })
  }
  listen()
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
