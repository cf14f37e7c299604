import type { MachineAtWork } from '../../preload/contract/overview.ts'

/** One sentence over all machines; one that is not proven gone decides, then a single NO. */
export function verdictWords(machines: readonly MachineAtWork[]): {
  readonly tone: 'good' | 'bad' | 'burn'
  readonly words: string
} {
  const count = machines.length
  const noun = count === 1 ? '1 machine' : `${count} machines`
  const unproven = machines.filter(({ release }) => release?.red === true).length
  if (unproven > 0) {
    const words = count === 1 ? `${noun}, NOT proven gone` : `${noun}, ${unproven} NOT proven gone`
    return { tone: 'bad', words }
  }
  const leaving = machines.filter(({ release }) => release !== null).length
  if (leaving === count) return { tone: 'burn', words: `${noun}, being released` }
  const never = machines.filter(
    ({ stopsByItself, release }) => stopsByItself === false && release === null,
  ).length
  if (never > 0) {
    return {
      tone: 'bad',
      words:
        count === 1
          ? `${noun}, does NOT stop by itself`
          : `${noun}, ${never} NOT stopping by itself`,
    }
  }
  if (machines.some(({ stopsByItself, release }) => stopsByItself === null && release === null)) {
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
