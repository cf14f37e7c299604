import type { JobSummary } from '../../preload/contract/job.ts'
import type { App } from './app-context.ts'
import { navPages } from './nav-pages.ts'

export interface Command {
  readonly id: string
  readonly label: string
  readonly about: string
  readonly run: () => void
}

const shownJobs = 50

/** What the palette offers: pages, actions, then jobs, the newest first. */
export function paletteCommands(
  { router, theme }: Pick<App, 'router' | 'theme'>,
  jobs: ReadonlyMap<string, JobSummary> | null,
  { onStopEverything }: { readonly onStopEverything: () => void },
): readonly Command[] {
  return [
    ...navPages.map(({ page, label, about }) => ({
      id: `page-${page}`,
      label,
      about,
      run: () => router.go({ page, params: {} }),
    })),
    { id: 'stop', label: 'Stop everything', about: 'asks first', run: onStopEverything },
    ...(['light', 'dark', 'system'] as const).map((one) => ({
      id: `theme-${one}`,
      label: `Theme: ${one}`,
      about: one === 'system' ? 'as the system' : 'from now on',
      run: () => theme.set(one),
    })),
    ...[...(jobs?.values() ?? [])].toReversed().map((job) => ({
      id: job.id,
      label: job.name,
      about: `job, ${job.state}`,
      run: () => router.go({ page: 'job', jobId: job.id, params: {} }),
    })),
  ]
}

/** Those that contain every typed word; with nothing typed, the first ones. */
export function matching(commands: readonly Command[], text: string): readonly Command[] {
  const words = text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '')
  return commands
    .filter(({ label, about }) => {
      const where = `${label} ${about}`.toLowerCase()
      return words.every((word) => where.includes(word))
    })
    .slice(0, shownJobs)
}
