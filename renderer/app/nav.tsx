import { useStore } from 'zustand'
import { Kbd } from '../ui/kbd.tsx'
import { useApp } from './app-context.ts'
import styles from './nav.module.css'
import { navPages } from './nav-pages.ts'
import { routePath, type PageName } from './routes.ts'

/** The pages, one click or one digit away. */
export function Nav({ onPalette }: { readonly onPalette: () => void }) {
  const { router, overview, host } = useApp()
  const route = useStore(router.route)
  const activeJobs = useStore(overview, (state) => state.overview?.activeJobs ?? 0)
  return (
    <nav className={styles['nav']} aria-label="Pages">
      {navPages.map(({ page, label }) => (
        <a
          key={page}
          href={`#${routePath({ page, params: {} })}`}
          className={styles['link']}
          aria-current={isOn(route.page, page) ? 'page' : undefined}
        >
          {label}
          {page === 'jobs' && activeJobs > 0 ? (
            <small aria-label={`${activeJobs} under way`}>{activeJobs}</small>
          ) : null}
        </a>
      ))}
      <button
        type="button"
        className={styles['palette']}
        onClick={onPalette}
        title="Search pages, jobs and commands"
      >
        Search <Kbd>{host.isMac ? '⌘ K' : 'Ctrl K'}</Kbd>
      </button>
    </nav>
  )
}

function isOn(shown: PageName, link: PageName): boolean {
  return shown === link || (shown === 'job' && link === 'jobs')
}
