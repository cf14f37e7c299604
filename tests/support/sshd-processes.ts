import { readdirSync, readFileSync } from 'node:fs'

function processIds(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
}

/** Reads a file of a process that may be gone by now; null then. */
function readOf(pid: number, file: string): string | null {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8')
  } catch {
    // The process ended between the listing and this read: nothing to know of it any more.
    return null
  }
}

function parentAndName(pid: number): { parent: number; name: string } | null {
  const stat = readOf(pid, 'stat')
  if (stat === null) return null
  const end = stat.lastIndexOf(')')
  const fields = stat.slice(end + 2).split(' ')
  return { parent: Number(fields[1]), name: stat.slice(stat.indexOf('(') + 1, end) }
}

/** Every sshd process below a listener: the privileged monitors and the session processes. */
export function sessionProcesses(listenerPid: number): number[] {
  const all = processIds().flatMap((pid) => {
    const facts = parentAndName(pid)
    return facts !== null && facts.name.startsWith('sshd') ? [{ pid, parent: facts.parent }] : []
  })
  const found = new Set<number>()
  const visit = (parent: number): void => {
    for (const child of all) {
      if (child.parent !== parent || found.has(child.pid)) continue
      found.add(child.pid)
      visit(child.pid)
    }
  }
  visit(listenerPid)
  return [...found]
}

/** Every process whose environment carries `entry` (`HOME=/tmp/…`), detached ones included. */
export function processesWithEnvironment(entry: string): number[] {
  return processIds().filter((pid) => {
    if (pid === process.pid) return false
    return (readOf(pid, 'environ') ?? '').split('\0').includes(entry)
  })
}

/** Sends a signal to processes that may have ended already. */
export function signalAll(pids: readonly number[], signal: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, signal)
    } catch (error) {
      // Gone between the listing and the signal is what was wanted; anything else is a test's fault.
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
    }
  }
}

export function isAlive(pid: number): boolean {
  const stat = readOf(pid, 'stat')
  return stat !== null && !stat.slice(stat.lastIndexOf(')') + 2).startsWith('Z')
}
