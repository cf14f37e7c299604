import { z } from 'zod'
import { nasty, nastyString } from './nasty.ts'
import type { Random } from './random.ts'

/** The part of JSON Schema that zod writes. */
interface Schema {
  readonly $ref?: string
  readonly $defs?: Readonly<Record<string, Schema>>
  readonly type?: string | readonly string[]
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly anyOf?: readonly Schema[]
  readonly oneOf?: readonly Schema[]
  readonly allOf?: readonly Schema[]
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly additionalProperties?: Schema | boolean
  readonly items?: Schema
  readonly prefixItems?: readonly Schema[]
  readonly minimum?: number
  readonly maximum?: number
  readonly exclusiveMinimum?: number
  readonly minLength?: number
  readonly maxLength?: number
  readonly maxItems?: number
  readonly minItems?: number
  readonly pattern?: string
}

/** Words that mean something to the engine that is fuzzed: ids that exist, paths of the test. */
export type Known = Readonly<Record<string, readonly unknown[]>>

/** Makes inputs for one procedure out of its schema: as it should be, nearly so, and nonsense. */
export function inputsOf(input: z.ZodType, known: Known): (random: Random) => unknown {
  const root = z.toJSONSchema(input, { io: 'input', unrepresentable: 'any' }) as Schema
  const made = (random: Random): unknown => valueOf(root, { root, known, random, depth: 0 })
  return (random) => {
    const kind = random.below(10)
    if (kind < 4) return made(random)
    if (kind < 9) return mutated(made(random), random)
    return nasty(random)
  }
}

interface Making {
  readonly root: Schema
  readonly known: Known
  readonly random: Random
  readonly depth: number
  readonly name?: string
}

function valueOf(schema: Schema, making: Making): unknown {
  const { random, root, known, name, depth } = making
  const deeper = { ...making, depth: depth + 1 }
  const meant = name === undefined ? undefined : known[name]
  if (meant !== undefined && random.chance(0.7)) return random.pick(meant)
  if (schema.$ref !== undefined) {
    const target = root.$defs?.[schema.$ref.replace('#/$defs/', '')] ?? root
    return depth > 8 ? null : valueOf(target, deeper)
  }
  if (schema.const !== undefined) return schema.const
  if (schema.enum !== undefined) return random.pick(schema.enum)
  const choices = schema.anyOf ?? schema.oneOf
  if (choices !== undefined) return valueOf(random.pick(choices), deeper)
  if (schema.allOf !== undefined) {
    const all = schema.allOf.map((one) => valueOf(one, deeper))
    return Object.assign({}, ...all) as unknown
  }
  const type = Array.isArray(schema.type)
    ? random.pick(schema.type as readonly string[])
    : schema.type
  switch (type ?? '') {
    case 'object':
      return objectOf(schema, deeper)
    case 'array': {
      if (schema.prefixItems !== undefined) {
        return schema.prefixItems.map((one) => valueOf(one, deeper))
      }
      const count = (schema.minItems ?? 0) + random.below(depth > 6 ? 1 : 4)
      return Array.from({ length: count }, () => valueOf(schema.items ?? {}, deeper))
    }
    case 'string':
      return stringOf(schema, random)
    case 'integer':
      return numberOf(schema, random, true)
    case 'number':
      return numberOf(schema, random, false)
    case 'boolean':
      return random.chance(0.5)
    case 'null':
      return null
    default:
      return nasty(random)
  }
}

function objectOf(schema: Schema, making: Making): Record<string, unknown> {
  const { random } = making
  const made: Record<string, unknown> = {}
  for (const [name, one] of Object.entries(schema.properties ?? {})) {
    const wanted = schema.required?.includes(name) === true || random.chance(0.4)
    if (wanted) made[name] = valueOf(one, { ...making, name })
  }
  const { additionalProperties } = schema
  if (typeof additionalProperties === 'object') {
    for (let count = random.below(4); count > 0; count -= 1) {
      define(made, nastyString(random), valueOf(additionalProperties, making))
    }
  }
  return made
}

/** As JSON.parse would: `__proto__` becomes a key like any other. */
function define(target: object, key: string, value: unknown): void {
  Object.defineProperty(target, key, {
    value,
    enumerable: true,
    configurable: true,
    writable: true,
  })
}

const letters = '0123456789abcdefghjkmnpqrstvwxyz'

function stringOf({ pattern, minLength = 0, maxLength = 60 }: Schema, random: Random): string {
  const id =
    pattern === undefined ? null : /^\^([a-z]+-)?\[0-9a-hjkmnp-tv-z\]\{26\}\$$/.exec(pattern)
  if (id !== null) {
    const tail = Array.from({ length: 26 }, () => random.pick([...letters]))
    return `${id[1] ?? ''}${tail.join('')}`
  }
  if (pattern?.includes('\\d{4}-\\d\\d') === true)
    return `20${random.below(90) + 10}-0${random.below(9)}`
  if (pattern !== undefined && random.chance(0.7)) return `name${random.below(50)}`
  if (random.chance(0.5)) return nastyString(random)
  return 'a'.repeat(Math.min(maxLength, Math.max(minLength, random.below(20))))
}

function numberOf(schema: Schema, random: Random, whole: boolean): number {
  const least = schema.minimum ?? (schema.exclusiveMinimum ?? 0) + (whole ? 1 : 0.5)
  const most = schema.maximum ?? 2 ** 53 - 1
  const value = random.pick([
    least,
    most,
    least + random.below(10),
    least + random.next() * Math.min(1e6, most - least),
  ])
  return whole ? Math.round(value) : value
}

/** Replaces, removes or adds something at a random place. */
function mutated(value: unknown, random: Random): unknown {
  if (typeof value !== 'object' || value === null || random.chance(0.1)) return nasty(random)
  const copy: unknown = Array.isArray(value) ? [...(value as unknown[])] : { ...value }
  const keys = Object.keys(copy as object)
  const target = copy as Record<string, unknown>
  const key = keys.length === 0 ? null : random.pick(keys)
  switch (random.below(4)) {
    case 0:
      if (key !== null) delete target[key]
      break
    case 1:
      define(target, nastyString(random), nasty(random))
      break
    default:
      if (key !== null) define(target, key, mutated(target[key], random))
  }
  return copy
}
