import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createRedactor } from '../../../main/logging/redactor.ts'

describe('the redactor', () => {
  it('replaces a value in every usual spelling', () => {
    const redactor = createRedactor()
    const value = 'hf_"quoted"&more'
    redactor.add(value)
    for (const text of [
      `export HF_TOKEN=${value}`,
      JSON.stringify({ value }),
      `https://example.org/?t=${encodeURIComponent(value)}`,
      Buffer.from(value).toString('base64'),
    ]) {
      const redacted = redactor.redact(text)
      expect(redacted).toContain('[secret]')
      expect(redacted).not.toMatch(/quoted|more/)
    }
    expect(redactor.redactDeep({ a: [value, 1, null], [value]: true })).toEqual({
      a: ['[secret]', 1, null],
      '[secret]': true,
    })
  })

  it('replaces each line of a key, and the longer of two values', () => {
    const redactor = createRedactor()
    redactor.add('-----BEGIN-----\nMIIEowIBAAKCAQEA1234\nZZZZowIBAAKCAQEA5678\n')
    expect(redactor.redact('> MIIEowIBAAKCAQEA1234')).toBe('> [secret]')
    redactor.add('abcd')
    redactor.add('abcdefgh')
    expect(redactor.redact('abcdefgh abcd')).toBe('[secret] [secret]')
  })

  it('takes a value larger than any pattern could hold', () => {
    const redactor = createRedactor()
    const value = 'key+'.repeat(100_000)
    redactor.add(value)
    expect(redactor.redact(`a ${value} b`)).toBe('a [secret] b')
    const stream = redactor.stream()
    const shown = Buffer.concat([stream.push(Buffer.from(`a ${value} b`)), stream.end()])
    expect(shown.toString()).toBe(`a ${'*'.repeat(value.length)} b`)
  })

  it('leaves text alone without values, and ignores values that are too short', () => {
    const redactor = createRedactor()
    redactor.add('a')
    redactor.add('')
    expect(redactor.redact('banana')).toBe('banana')
  })

  it('masks a stream byte for byte, however it is cut', () => {
    const word = fc.constantFrom('secret', 'secretly', 'ecre', 'tés-ü€', 'aaaa', 'aaaab')
    const piece = fc.oneof(word, fc.string({ maxLength: 3 }), fc.constantFrom('a', 's', 'sec', 'é'))
    fc.assert(
      fc.property(
        fc.array(word, { maxLength: 4 }),
        fc.array(piece, { maxLength: 12 }),
        fc.array(fc.integer({ min: 1, max: 7 })),
        (secrets, pieces, cuts) => {
          const redactor = createRedactor()
          for (const secret of secrets) redactor.add(secret)
          const input = Buffer.from(pieces.join(''))
          const whole = redactor.stream()
          const expected = Buffer.concat([whole.push(input), whole.end()])
          const stream = redactor.stream()
          const shown: Buffer[] = []
          let at = 0
          for (const cut of [...cuts, input.length]) {
            shown.push(stream.push(input.subarray(at, at + cut)))
            at += cut
          }
          shown.push(stream.end())
          const output = Buffer.concat(shown)
          expect(output.toString('latin1')).toBe(expected.toString('latin1'))
          expect(output).toHaveLength(input.length)
          for (const secret of secrets) expect(output.includes(secret)).toBe(false)
        },
      ),
      { numRuns: 500 },
    )
  })

  it('holds back only what may become a secret', () => {
    const redactor = createRedactor()
    redactor.add('hunter22')
    const stream = redactor.stream()
    expect(stream.push(Buffer.from('password: hun')).toString()).toBe('password: ')
    expect(stream.push(Buffer.from('ting season\n')).toString()).toBe('hunting season\n')
    expect(stream.push(Buffer.from('hunter22\nhun')).toString()).toBe('********\n')
    expect(stream.end().toString()).toBe('hun')
  })
})
