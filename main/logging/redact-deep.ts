import { types } from 'node:util'

/** How secrets are taken out of a text and out of bytes; each answers its argument where there are none. */
export interface Masks {
  readonly text: (text: string) => string
  readonly bytes: (bytes: Uint8Array) => Uint8Array
}

/**
 * A value without the secrets in its strings, keys and bytes, at any depth. Nothing is changed in
 * place: what holds no secret is answered as it is, frozen or not; what holds one is copied as what
 * it was (a Map, an Error, an instance of its class). What cannot be looked into stays: functions,
 * streams, private fields.
 */
export function redactDeep<T>(value: T, masks: Masks): T {
  return redacted(value, masks, new Map()) as T
}

/** `known`: what was copied already, so that what holds itself still does. */
function redacted(value: unknown, masks: Masks, known: Map<object, unknown>): unknown {
  if (typeof value === 'string') return masks.text(value)
  if (typeof value !== 'object' || value === null) return value
  if (known.has(value)) return known.get(value)
  if (!holdsSecret(value, masks)) return value
  const clean = <T>(part: T): T => redacted(part, masks, known) as T
  const keep = <T extends object>(copy: T): T => {
    known.set(value, copy)
    return copy
  }
  if (types.isUint8Array(value)) return masks.bytes(value)
  if (Array.isArray(value)) {
    const copy = keep<unknown[]>([])
    for (const item of value as readonly unknown[]) copy.push(clean(item))
    return copy
  }
  if (types.isMap(value)) {
    const copy = keep(new Map<unknown, unknown>())
    for (const [key, item] of value) copy.set(clean(key), clean(item))
    return copy
  }
  if (types.isSet(value)) {
    const copy = keep(new Set<unknown>())
    for (const item of value) copy.add(clean(item))
    return copy
  }
  const copy = keep<object>(types.isNativeError(value) ? new Error() : {})
  Object.setPrototypeOf(copy, Object.getPrototypeOf(value) as object | null)
  for (const [key, item] of Object.entries(value)) define(copy, clean(key), clean(item), true)
  for (const [key, item] of unlisted(value)) define(copy, key, clean(item), false)
  return copy
}

/** Looks at everything that can be reached, once. */
function holdsSecret(value: object, masks: Masks): boolean {
  const open: unknown[] = [value]
  const seen = new Set<object>()
  while (open.length > 0) {
    const part = open.pop()
    if (typeof part === 'string' && masks.text(part) !== part) return true
    if (typeof part !== 'object' || part === null || seen.has(part)) continue
    seen.add(part)
    if (types.isUint8Array(part)) {
      if (masks.bytes(part) !== part) return true
    } else for (const inside of partsOf(part)) open.push(inside)
  }
  return false
}

function* partsOf(value: object): Generator {
  if (types.isMap(value)) for (const pair of value) yield* pair
  else if (types.isSet(value) || Array.isArray(value)) yield* value as Iterable<unknown>
  else for (const field of [...Object.entries(value), ...unlisted(value)]) yield* field
}

/** What an error says is not among the fields that one lists. */
function unlisted(value: object): readonly (readonly [string, unknown])[] {
  if (!types.isNativeError(value)) return []
  return (['message', 'stack', 'cause'] as const)
    .filter((key) => Object.hasOwn(value, key))
    .map((key) => [key, value[key]])
}

function define(copy: object, key: string, value: unknown, enumerable: boolean): void {
  Object.defineProperty(copy, key, { value, enumerable, writable: true, configurable: true })
}
