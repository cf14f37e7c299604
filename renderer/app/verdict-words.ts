import type { MachineAtWork } from '../../preload/contract/overview.ts'

/** One sentence over all machines; a single NO decides. */
export function verdictWords(machines: readonly MachineAtWork[]): {
  readonly tone: 'good' | 'bad' | 'burn'
  readonly words: string
} {
  const count = machines.length
  const noun = count === 1 ? '1 machine' : `${count} machines`
  const never = machines.filter((machine) => machine.stopsByItself === false).length
  if (never > 0) {
    return {
      tone: 'bad',
      words:
        count === 1
          ? `${noun}, does NOT stop by itself`
          : `${noun}, ${never} NOT stopping by itself`,
    }
  }
  if (machines.some((machine) => machine.stopsByItself === null)) {
    return { tone: 'burn', words: `${noun}, being set up` }
  }
  const all =
    count === 1
      ? 'stops by itself'
      : count === 2
        ? 'both stop by themselves'
        : 'all stop by themselves'
  return { tone: 'good', words: `${noun}, ${all}` }
}
