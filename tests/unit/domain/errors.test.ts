import { describe, expect, it } from 'vitest'
import { LocalDiskFullError, SubletError, toSubletError } from '../../../main/domain/errors.ts'

const withFields = (message: string, fields: object): Error =>
  Object.assign(new Error(message), fields)

describe('what is thrown, put into words', () => {
  it.each([
    withFields('ENOSPC: no space left on device, write', { code: 'ENOSPC' }),
    withFields('EDQUOT: disk quota exceeded, write', { code: 'EDQUOT' }),
    withFields('database or disk is full', { code: 'ERR_SQLITE_ERROR', errcode: 13 }),
  ])('a full disk here: $message', (thrown) => {
    const error = toSubletError(thrown)
    expect(error).toBeInstanceOf(LocalDiskFullError)
    expect(error).toMatchObject({ code: 'disk-full', extras: { nativeCode: thrown.message } })
    expect(error.message).toMatch(/disk of this computer is full: free some space/)
  })

  it('a SubletError stays itself, and what nobody knows is internal', () => {
    const known = new SubletError('disk-full', 'The disk of the machine is full.')
    expect(toSubletError(known)).toBe(known)
    expect(toSubletError(withFields('odd', { code: 'EIO' }))).toMatchObject({ code: 'internal' })
  })
})
