import type { Overview } from '../../../preload/contract/overview.ts'
import { nothingFound } from '../../../main/domain/radar/summary.ts'
import { micros } from '../fake-facts.ts'

const nothingSpent = {
  burnMicrosPerHour: micros(0),
  todayMicros: micros(0),
  monthMicros: micros(0),
}

/** An overview of an engine that does nothing. */
export const idleOverview: Overview = {
  at: Date.UTC(2026, 2, 1, 17, 5),
  spend: nothingSpent,
  practice: nothingSpent,
  month: '2026-03',
  reportingZone: 'UTC',
  monthBudgetMicros: null,
  machines: [],
  activeJobs: 0,
  keychain: { kind: 'keychain', sentence: 'Keys are in the keychain.' },
  radar: nothingFound,
  notices: [],
}
