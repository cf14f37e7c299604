import type { LeaseLevel, StopVerdict } from '../../../preload/contract/rental.ts'
import { whyNot } from '../../../main/domain/lease.ts'

const who: Readonly<Record<LeaseLevel['level'], string>> = {
  machine: 'machine',
  provider: 'provider',
  client: 'this computer',
}

/** `Stops by itself if this computer dies: yes (machine and provider).` or NO with the reasons. */
export function stopWords(verdict: StopVerdict): string {
  const question = 'Stops by itself if this computer dies'
  const because = whyNot(verdict)
  if (because !== null) return `${question}: NO. ${because}`.trim()
  const holding = verdict.levels.filter((level) => level.level !== 'client' && level.holds)
  return `${question}: yes (${holding.map((level) => who[level.level]).join(' and ')}).`
}

/** What happens when the machine cannot be had, by whether the user insists on this one. */
export function failoverWords(pinned: boolean): string {
  return pinned
    ? 'Only this machine is taken; if it is gone, the job says so and rents nothing.'
    : 'If the first is gone, the next one under the ceiling is taken.'
}
