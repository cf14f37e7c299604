import { createHash } from 'node:crypto'
import { z } from 'zod'
import { SubletError } from '../../domain/errors.ts'
import type { HttpApi } from '../http/http-api.ts'
import type { Pacer } from '../http/pacer.ts'
import { pagesOf } from './api.ts'
import { keySchema, keysSchema } from './wire.ts'

/** Puts the rental's key on the account, and answers its number. Again it is the same key. */
export async function addKey(
  api: HttpApi,
  name: string,
  publicKey: string,
  signal: AbortSignal,
): Promise<number> {
  const body = { name, public_key: publicKey }
  try {
    const call = { method: 'POST', path: '/account/keys', body } as const
    return (await api.call(keySchema, call, signal)).ssh_key.id
  } catch (thrown) {
    // It came with an earlier call: the account holds a key once.
    if (!(thrown instanceof SubletError && thrown.code === 'conflict')) throw thrown
    const path = `/account/keys/${encodeURIComponent(fingerprintOf(publicKey))}`
    return (await api.call(keySchema, { method: 'GET', path }, signal)).ssh_key.id
  }
}

/** Removes the keys of that name: they cost nothing, and are nobody's any more. */
export async function removeKeys(
  api: HttpApi,
  listPacer: Pacer,
  name: string,
  note: (asked: string, answered: string) => void,
  signal: AbortSignal,
): Promise<void> {
  await listPacer.turn(signal)
  const ids: number[] = []
  for await (const page of pagesOf(api, keysSchema, '/account/keys', {}, signal)) {
    for (const key of page.ssh_keys) if (key.name === name) ids.push(key.id)
  }
  for (const id of ids) {
    const path = `/account/keys/${id}`
    await api.call(z.unknown(), { method: 'DELETE', path }, signal)
    note(`DELETE ${path}`, 'deleted')
  }
}

/** `3b:16:bf:…`: the MD5 of the key itself, which is how the API names keys. */
export function fingerprintOf(publicKey: string): string {
  const [, key = ''] = publicKey.split(' ')
  const digest = createHash('md5').update(Buffer.from(key, 'base64')).digest('hex')
  return digest.match(/../g)?.join(':') ?? ''
}
