import { Page } from '../../ui/page.tsx'

/** The Run page. */
export function RunPage() {
  return <Page title="Run">{null}</Page>
}
