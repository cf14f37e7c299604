import { lazy, Suspense, type ReactNode } from 'react'
import { Loading } from '../ui/empty-state.tsx'
import { RunPage } from '../features/run/run-page.tsx'
import type { Route } from './routes.ts'

const JobsPage = lazy(async () => ({
  default: (await import('../features/jobs/jobs-page.tsx')).JobsPage,
}))
const JobPage = lazy(async () => ({
  default: (await import('../features/jobs/job-page.tsx')).JobPage,
}))
const OffersPage = lazy(async () => ({
  default: (await import('../features/offers/offers-page.tsx')).OffersPage,
}))
const SpendPage = lazy(async () => ({
  default: (await import('../features/spend/spend-page.tsx')).SpendPage,
}))
const AccountsPage = lazy(async () => ({
  default: (await import('../features/accounts/accounts-page.tsx')).AccountsPage,
}))
const SettingsPage = lazy(async () => ({
  default: (await import('../features/settings/settings-page.tsx')).SettingsPage,
}))

/** The page of a route; all but the first are fetched when they are first shown. */
export function PageOf({ route }: { readonly route: Route }) {
  return <Suspense fallback={<Loading what="the page" />}>{page(route)}</Suspense>
}

function page(route: Route): ReactNode {
  switch (route.page) {
    case 'run':
      return <RunPage />
    case 'jobs':
      return <JobsPage />
    case 'job':
      return <JobPage key={route.jobId} jobId={route.jobId} />
    case 'offers':
      return <OffersPage />
    case 'spend':
      return <SpendPage />
    case 'accounts':
      return <AccountsPage />
    case 'settings':
      return <SettingsPage />
  }
}
