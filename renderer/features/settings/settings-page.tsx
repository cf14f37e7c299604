import { Page } from '../../ui/page.tsx'

/** The Settings page. */
export function SettingsPage() {
  return <Page title="Settings">{null}</Page>
}
