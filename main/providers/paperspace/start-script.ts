import { z } from 'zod'
import { shellQuote } from '../../domain/shell-quote.ts'
import type { HttpApi } from '../http/http-api.ts'
import type { LaunchRequest } from '../provider.ts'
import { rowsOf } from './api.ts'
import { sshUser } from './instance.ts'
import { scriptsSchema, wireScriptSchema } from './wire.ts'

/**
 * Keeps the script that lets the rental's key in, as there is no field for keys; answers its id.
 * One that is there already came with an earlier call. It runs once, as root, at the first start
 * (as SkyPilot uses it, 2026).
 */
export async function addStartScript(
  api: HttpApi,
  { rentalId, publicKey, userData }: LaunchRequest,
  signal: AbortSignal,
): Promise<string> {
  const [known] = await scriptsNamed(api, rentalId, signal)
  if (known !== undefined) return known
  const body = { name: rentalId, script: startScript(publicKey, userData), isRunOnce: true }
  const call = { method: 'POST', path: '/startup-scripts', body } as const
  return (await api.call(wireScriptSchema, call, signal)).id
}

/** Removes the scripts of that name: they cost nothing, and are nobody's any more. */
export async function removeStartScripts(
  api: HttpApi,
  name: string,
  note: (asked: string, answered: string) => void,
  signal: AbortSignal,
): Promise<void> {
  for (const id of await scriptsNamed(api, name, signal)) {
    const path = `/startup-scripts/${encodeURIComponent(id)}`
    await api.call(z.unknown(), { method: 'DELETE', path }, signal)
    note(`DELETE ${path}`, 'deleted')
  }
}

/** What the machine runs at its first start. It can be read on the machine, and holds no secrets. */
export function startScript(publicKey: string, userData: string | undefined): string {
  const home = `/home/${sshUser}`
  const keys = `${home}/.ssh/authorized_keys`
  return [
    '#!/bin/sh',
    `install -d -m 700 -o ${sshUser} -g ${sshUser} ${home}/.ssh`,
    `printf '%s\\n' ${shellQuote(publicKey)} >> ${keys}`,
    `chown ${sshUser}:${sshUser} ${keys}`,
    `chmod 600 ${keys}`,
    ...(userData === undefined
      ? []
      : [`su - ${sshUser} -s /bin/sh -c ${shellQuote(userData)} </dev/null`]),
    '',
  ].join('\n')
}

async function scriptsNamed(api: HttpApi, name: string, signal: AbortSignal): Promise<string[]> {
  const ids: string[] = []
  for await (const script of rowsOf(api, scriptsSchema, '/startup-scripts', { name }, signal)) {
    if (script.name === name) ids.push(script.id)
  }
  return ids
}
