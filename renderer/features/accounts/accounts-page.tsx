import { Page } from '../../ui/page.tsx'

/** The Accounts page. */
export function AccountsPage() {
  return <Page title="Accounts">{null}</Page>
}
