import { readdirSync, readFileSync } from 'node:fs'
import { findIn, type Canary } from './needles.ts'
import type { Find } from './search.ts'

/** Looks at the arguments and the environment of every process, again and again, until stopped. */
export interface ProcessWatch {
  add(...canaries: readonly Canary[]): void
  /** Looks once more, stops, and answers all finds, and how many looks at how many processes there were. */
  stop(): {
    readonly looks: number
    readonly processes: number
    readonly finds: readonly Find[]
  }
}

/** `isAllowed` gets the process's arguments and environment, and the canary found in the environment. */
export function watchProcesses(
  isAllowed: (
    process: { readonly words: string; readonly environment: string },
    canary: string,
  ) => boolean,
  everyMs: number,
): ProcessWatch {
  let canaries: readonly Canary[] = []
  let looks = 0
  const seen = new Set<string>()
  const finds = new Map<string, Find>()
  const look = (): void => {
    looks += 1
    for (const pid of readdirSync('/proc')) {
      if (!/^\d+$/.test(pid) || Number(pid) === process.pid) continue
      const [words, environment] = [read(pid, 'cmdline'), read(pid, 'environ')]
      seen.add(pid)
      const shown = words.toString('latin1').replaceAll('\0', ' ').slice(0, 200)
      for (const canary of findIn(words, canaries)) {
        finds.set(`${canary} ${pid} words`, { canary, where: `the arguments of ${shown}` })
      }
      for (const canary of findIn(environment, canaries)) {
        const facts = { words: shown, environment: environment.toString('latin1') }
        if (isAllowed(facts, canary)) continue
        finds.set(`${canary} ${pid}`, { canary, where: `the environment of ${shown}` })
      }
    }
  }
  const timer = setInterval(look, everyMs)
  return {
    add: (...more) => {
      canaries = [...canaries, ...more]
    },
    stop: () => {
      clearInterval(timer)
      look()
      return { looks, processes: seen.size, finds: [...finds.values()] }
    },
  }
}

function read(pid: string, file: string): Buffer {
  try {
    return readFileSync(`/proc/${pid}/${file}`)
  } catch {
    return Buffer.alloc(0) // It ended meanwhile, or it is another user's.
  }
}
