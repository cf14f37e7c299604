import { readdirSync, readFileSync } from 'node:fs'

interface Found {
  readonly pid: number
  readonly parent: number
  readonly words: string
}

/**
 * Memory of a process with its descendants, and of the engine that works in `home`, in MiB.
 * Proportional shares, so that pages shared between Chromium's processes count once. Linux only.
 */
export function processTreeMib(
  rootPid: number,
  home: string,
): { readonly own: number; readonly engine: number } {
  const all = processes()
  const tree = new Set([rootPid])
  for (let grown = true; grown;) {
    const more = all.filter(({ pid, parent }) => tree.has(parent) && !tree.has(pid))
    for (const { pid } of more) tree.add(pid)
    grown = more.length > 0
  }
  const engines = all.filter(({ pid, words }) => /engine/.test(words) && hasHome(pid, home))
  const engineIds = new Set(engines.map(({ pid }) => pid))
  const sum = (pids: Iterable<number>): number =>
    Math.round([...pids].reduce((total, pid) => total + pssKib(pid), 0) / 1024)
  return { own: sum([...tree].filter((pid) => !engineIds.has(pid))), engine: sum(engineIds) }
}

function processes(): Found[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      const stat = read(`/proc/${name}/stat`)
      const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])
      const words = read(`/proc/${name}/cmdline`).replaceAll('\0', ' ')
      return stat === '' ? [] : [{ pid: Number(name), parent, words }]
    })
}

function hasHome(pid: number, home: string): boolean {
  return read(`/proc/${pid}/environ`).split('\0').includes(`SUBLET_HOME=${home}`)
}

function pssKib(pid: number): number {
  return Number(/^Pss:\s+(\d+)/m.exec(read(`/proc/${pid}/smaps_rollup`))?.[1] ?? 0)
}

/** Empty when the process has ended meanwhile. */
function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
