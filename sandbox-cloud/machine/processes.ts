import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'

/** The environment variable that marks every process of a machine, however far it has wandered. */
export const machineMark = 'SUBLET_SANDBOX_MACHINE'

/** The machine that a process belongs to; null when it is none of ours, gone, or not readable. */
export function machineOfProcess(pid: number): string | null {
  try {
    const environment = readFileSync(`/proc/${pid}/environ`, 'latin1')
    const start = environment.startsWith(`${machineMark}=`)
      ? 0
      : environment.indexOf(`\0${machineMark}=`) + 1
    if (start === 0 && !environment.startsWith(`${machineMark}=`)) return null
    const value = environment.slice(start + machineMark.length + 1)
    return value.slice(0, value.indexOf('\0'))
  } catch {
    // It has just ended, or belongs to somebody else: either way it is not one of ours.
    return null
  }
}

/** Every process id there is; empty where the system has no /proc. */
export function processIds(): readonly number[] {
  try {
    return readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? [Number(name)] : []))
  } catch {
    // macOS has no /proc: there the process groups that the SSH server started are all we reach.
    return []
  }
}

/**
 * Kills every process of a machine, detached ones too, until none is left. `groups` are process
 * groups known otherwise. Resolves to the number that would not die within five seconds.
 */
export async function killMachineProcesses(
  machineId: string,
  groups: Iterable<number>,
): Promise<number> {
  for (const group of groups) send(-group)
  const deadline = Date.now() + 5000
  for (;;) {
    const left = processIds().filter((pid) => machineOfProcess(pid) === machineId && !isZombie(pid))
    if (left.length === 0 || Date.now() > deadline) return left.length
    for (const pid of left) send(pid)
    await delay(10)
  }
}

function send(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // ESRCH: it ended between the look and the kill.
  }
}

function isZombie(pid: number): boolean {
  return processStat(pid)?.state === 'Z'
}

/** The figures of /proc/PID/stat that the load meter needs; ticks are hundredths of a second. */
export function processStat(pid: number): {
  readonly name: string
  readonly state: string
  readonly ticks: number
  readonly residentPages: number
  readonly startedAt: string
} | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1')
    const close = text.lastIndexOf(')')
    const rest = text.slice(close + 2).split(' ')
    return {
      name: text.slice(text.indexOf('(') + 1, close),
      state: rest[0] ?? '',
      ticks: Number(rest[11]) + Number(rest[12]),
      residentPages: Number(rest[21]),
      startedAt: rest[19] ?? '',
    }
  } catch {
    // The process has ended.
    return null
  }
}
