import { createStore, type StoreApi } from 'zustand/vanilla'

/** Every page, and what its address carries. `params` are small words: a template, a filter. */
export type Route =
  | { readonly page: 'run'; readonly params: Params }
  | { readonly page: 'jobs'; readonly params: Params }
  | { readonly page: 'job'; readonly jobId: string; readonly params: Params }
  | { readonly page: 'offers'; readonly params: Params }
  | { readonly page: 'spend'; readonly params: Params }
  | { readonly page: 'accounts'; readonly params: Params }
  | { readonly page: 'settings'; readonly params: Params }

export type Params = Readonly<Record<string, string>>
export type PageName = Route['page']

const plainPages = ['run', 'jobs', 'offers', 'spend', 'accounts', 'settings'] as const

/** Reads `/jobs/job-…?tab=log`; anything unknown is the Run page. */
export function parseRoute(text: string): Route {
  const [path = '', query = ''] = text.replace(/^#/, '').split('?')
  const params = Object.fromEntries(new URLSearchParams(query))
  const [page, id] = path.split('/').filter((part) => part !== '')
  if (page === 'jobs' && id !== undefined) {
    const jobId = decoded(id)
    return jobId === null ? { page: 'jobs', params } : { page: 'job', jobId, params }
  }
  const known = plainPages.find((one) => one === page)
  return { page: known ?? 'run', params }
}

function decoded(part: string): string | null {
  try {
    return decodeURIComponent(part)
  } catch {
    return null // Cut off while it was copied, say.
  }
}

/** The address of a route, as `parseRoute` reads it. */
export function routePath(route: Route): string {
  const path = route.page === 'job' ? `/jobs/${encodeURIComponent(route.jobId)}` : `/${route.page}`
  const query = new URLSearchParams(route.params).toString()
  return query === '' ? path : `${path}?${query}`
}

export interface Router {
  readonly route: StoreApi<Route>
  /** Goes to a page; `replace` leaves no step back, for filters that live in the address. */
  go(route: Route, how?: { readonly replace?: boolean }): void
  /** The same for an address such as `/jobs/job-…`. */
  goTo(path: string): void
}

/** Keeps the route in the address behind `#`, so that back, forward and reload work. */
export function createRouter(window: Window): Router {
  const route = createStore<Route>(() => parseRoute(window.location.hash))
  const read = (): void => route.setState(parseRoute(window.location.hash), true)
  window.addEventListener('hashchange', read)
  const go: Router['go'] = (next, how = {}) => {
    const address = `#${routePath(next)}`
    if (how.replace === true) {
      window.history.replaceState(null, '', address)
      read()
    } else {
      window.location.hash = address
    }
  }
  return { route, go, goTo: (path) => go(parseRoute(path)) }
}
