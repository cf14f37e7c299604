import { Component, type ReactNode } from 'react'
import { Button } from '../ui/button.tsx'
import { EmptyState } from '../ui/empty-state.tsx'

/**
 * Keeps the frame, its figures and Stop everything alive when a page breaks. Loading again helps
 * even where the app was updated below an open page: the address and the drafts are kept.
 */
export class PageErrors extends Component<
  { readonly children: ReactNode },
  { readonly message: string | null }
> {
  override state: { readonly message: string | null } = { message: null }

  static getDerivedStateFromError(error: unknown): { readonly message: string } {
    return { message: error instanceof Error ? error.message : String(error) }
  }

  override render(): ReactNode {
    const { message } = this.state
    if (message === null) return this.props.children
    return (
      <EmptyState
        title="This page broke"
        actions={<Button onClick={() => window.location.reload()}>Load it again</Button>}
      >
        Your jobs are not affected; the engine runs them. What went wrong: {message}
      </EmptyState>
    )
  }
}
