import { existsSync, readdirSync, readFileSync } from 'node:fs'

/**
 * The pids of the engines of a home, those included that are still starting; found by their
 * environment. Empty where there is no /proc.
 */
export function processesOfHome(dir: string): number[] {
  if (!existsSync('/proc/self/environ')) return []
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => environmentOf(pid).includes(`SUBLET_HOME=${dir}`))
    .map(Number)
}

function environmentOf(pid: string): string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0')
  } catch {
    return [] // It ended meanwhile, or it is another user's.
  }
}
