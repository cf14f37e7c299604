import { Page } from '../../ui/page.tsx'

/** The Spend page. */
export function SpendPage() {
  return <Page title="Spend">{null}</Page>
}
