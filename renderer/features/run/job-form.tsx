import { Section } from '../../ui/page.tsx'
import { AdvancedFolds } from './advanced-folds.tsx'
import { ComesHome } from './comes-home.tsx'
import { NeedsFields } from './needs-fields.tsx'

/** What the job needs, what comes home, and what is rarely changed. */
export function JobForm() {
  return (
    <>
      <Section title="Needs">
        <NeedsFields />
      </Section>
      <Section title="Comes home">
        <ComesHome />
      </Section>
      <Section title="More">
        <AdvancedFolds />
      </Section>
    </>
  )
}
