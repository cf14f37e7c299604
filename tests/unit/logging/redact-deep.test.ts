import { inspect } from 'node:util'
import { expect, it } from 'vitest'
import { SubletError } from '../../../main/domain/errors.ts'
import { createRedactor } from '../../../main/logging/redactor.ts'

const key = 'tc_0123456789abcdef'
const redactor = createRedactor()
redactor.add(key)
const clean = <T>(value: T): T => redactor.redactDeep(value)

class Disk {
  readonly name: string
  constructor(name: string) {
    this.name = name
  }
  title(): string {
    return `disk ${this.name}`
  }
}

it('answers what holds no secret as it is', () => {
  const value = Object.freeze({
    at: new Date(7),
    bytes: Buffer.from('plain'),
    map: new Map([['a', new Set([1])]]),
    disk: new Disk('data'),
    signal: new AbortController().signal,
    work: () => key,
    rows: [null, undefined, 5n, Symbol.iterator],
  })
  expect(clean(value)).toBe(value)
})

it('copies what holds one as what it was, and leaves the original alone', () => {
  const value = Object.freeze({
    at: new Date(7),
    bytes: Buffer.from(`<${key}>`),
    map: new Map([[`of ${key}`, { [key]: [key] }]]),
    set: new Set(['a', key]),
    disk: new Disk(key),
    bare: Object.assign(Object.create(null) as object, { key }),
  })
  const copy = clean(value)
  expect(copy.at).toBe(value.at)
  expect(copy.bytes).toEqual(Buffer.from(`<${'*'.repeat(key.length)}>`))
  expect(copy.map).toEqual(new Map([['of [secret]', { '[secret]': ['[secret]'] }]]))
  expect(copy.set).toEqual(new Set(['a', '[secret]']))
  expect(copy.disk).toBeInstanceOf(Disk)
  expect(copy.disk.title()).toBe('disk [secret]')
  expect(Object.getPrototypeOf(copy.bare)).toBeNull()
  expect(inspect(copy, { depth: 9 })).not.toContain(key)
  expect(value.disk.name).toBe(key)
  expect(value.map.get(`of ${key}`)).toEqual({ [key]: [key] })
})

it('takes it out of an error, its stack and all its causes, and keeps their classes', () => {
  const deepest = new RangeError(`deepest ${key}`)
  const error = new SubletError('auth', 'No.', {
    cause: new TypeError('between', { cause: deepest }),
  })
  const copy = clean(error)
  expect(copy).toBeInstanceOf(SubletError)
  expect(copy.stack).toBe(error.stack)
  expect(copy.cause).toBeInstanceOf(TypeError)
  expect(((copy.cause as Error).cause as Error).message).toBe('deepest [secret]')
  expect(inspect(copy, { depth: 9, showHidden: true })).not.toContain(key)
  expect(Object.keys(copy)).toEqual(Object.keys(error))
})

it('ends with what holds itself, without a way back to the secret', () => {
  const value: { key: string; self?: unknown; list: unknown[] } = { key, list: [] }
  value.self = value
  value.list.push(value, { again: value.list })
  const copy = clean(value)
  expect(copy.self).toBe(copy)
  expect(copy.list[0]).toBe(copy)
  expect(inspect(copy, { depth: 9 })).not.toContain(key)
})

it('makes a field of a key that JSON may have and objects may not', () => {
  const copy = clean(JSON.parse(`{"__proto__":{"a":"${key}"}}`) as Record<string, unknown>)
  expect(Object.keys(copy)).toEqual(['__proto__'])
  expect(({} as Record<string, unknown>)['a']).toBeUndefined()
})
