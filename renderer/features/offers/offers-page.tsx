import { Page } from '../../ui/page.tsx'

/** The Offers page. */
export function OffersPage() {
  return <Page title="Offers">{null}</Page>
}
