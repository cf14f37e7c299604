import { Page } from '../../ui/page.tsx'

/** One job. */
export function JobPage({ jobId }: { readonly jobId: string }) {
  return <Page title={jobId}>{null}</Page>
}
