import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { isAlive } from './sshd-processes.ts'

/**
 * Processes that have a folder in their arguments, environment or working directory, except this
 * one and its parent. Detached ones included. Empty where there is no /proc.
 */
export function processesTouching(dir: string): { readonly pid: number; readonly words: string }[] {
  if (!existsSync('/proc/self/environ')) return []
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => pid !== process.pid && pid !== process.ppid)
    .filter((pid) => touches(pid, dir) && isAlive(pid))
    .map((pid) => ({ pid, words: read(pid, 'cmdline').replaceAll('\0', ' ').trim() }))
}

function touches(pid: number, dir: string): boolean {
  return (
    read(pid, 'cmdline').includes(dir) ||
    read(pid, 'environ').includes(dir) ||
    workingDirectory(pid).startsWith(dir)
  )
}

function read(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8')
  } catch {
    return '' // It ended meanwhile, or it is another user's.
  }
}

function workingDirectory(pid: number): string {
  try {
    return readlinkSync(`/proc/${pid}/cwd`)
  } catch {
    return '' // Likewise.
  }
}
