import type { Route } from './routes.ts'

export interface NavPage {
  readonly page: Exclude<Route['page'], 'job'>
  readonly label: string
  /** What is found there, for the palette. */
  readonly about: string
}

/** The pages in the order of the navigation. */
export const navPages: readonly NavPage[] = [
  { page: 'run', label: 'Run', about: 'start a job' },
  { page: 'jobs', label: 'Jobs', about: 'what runs and what ran' },
  { page: 'offers', label: 'Offers', about: 'compare prices' },
  { page: 'spend', label: 'Spend', about: 'month, budgets, export' },
  { page: 'accounts', label: 'Accounts', about: 'providers, own hosts, secrets' },
  { page: 'settings', label: 'Settings', about: 'theme, defaults, keychain, log' },
]
