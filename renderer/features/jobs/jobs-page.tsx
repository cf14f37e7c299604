import { Page } from '../../ui/page.tsx'

/** The Jobs page. */
export function JobsPage() {
  return <Page title="Jobs">{null}</Page>
}
