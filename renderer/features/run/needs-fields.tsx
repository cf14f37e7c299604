import { useStore } from 'zustand'
import { gpuCatalogue } from '../../../main/domain/gpu-catalogue.ts'
import { Select } from '../../ui/select.tsx'
import { SuggestField } from '../../ui/suggest-field.tsx'
import { TextField } from '../../ui/text-field.tsx'
import type { SpotChoice } from './draft.ts'
import styles from './fields.module.css'
import { plainWords } from './plain-words.ts'
import { useRun, useRunParts } from './run-context.ts'

const gpuSuggestions = [
  'none',
  ...[16, 24, 40, 48, 80, 141].map((size) => `≥ ${size} GB`),
  ...gpuCatalogue.map((model) => model.name),
]
const spotChoices: readonly { value: SpotChoice; label: string; detail?: string }[] = [
  { value: 'never', label: 'Never' },
  { value: 'allowed', label: 'Allowed', detail: 'may be taken back' },
  { value: 'only', label: 'Only', detail: 'may be taken back' },
]

/** What the machine must have, and the most that it may cost. */
export function NeedsFields() {
  const { store } = useRunParts()
  const draft = useRun((state) => state.draft)
  const problems = useRun((state) => state.problems)
  const understood = useRun((state) => state.understanding.value?.understood)
  const regions = useStore(store, (state) => state.proposal.value?.options ?? noOptions)
  const because = understood?.find((one) => /^(Wants |Needs no |No GPU )/.test(one))
  return (
    <>
      <div className={styles['grid']}>
        <SuggestField
          label="GPU"
          placeholder="as it needs"
          value={draft.gpu}
          suggestions={gpuSuggestions}
          onValue={(gpu) => store.edit({ gpu })}
        />
        <TextField
          label="How many"
          inputMode="numeric"
          placeholder={draft.gpu.trim() === '' ? 'as it needs' : '1'}
          value={draft.gpus}
          error={problems['gpus'] ?? null}
          onValue={(gpus) => store.edit({ gpus })}
        />
        <TextField
          label="Longest"
          placeholder="24 h in all"
          value={draft.maxDuration}
          error={problems['maxDuration'] ?? null}
          onValue={(maxDuration) => store.edit({ maxDuration })}
        />
        <TextField
          label="Budget"
          placeholder="no limit"
          value={draft.budget}
          error={problems['budget'] ?? null}
          onValue={(budget) => store.edit({ budget })}
        />
        <Select
          label="Spot"
          value={draft.spot}
          options={spotChoices}
          onValue={(spot) => store.edit({ spot })}
        />
        <TextField
          label="Price limit"
          placeholder="per hour"
          value={draft.maxPrice}
          error={problems['maxPrice'] ?? null}
          onValue={(maxPrice) => store.edit({ maxPrice })}
        />
        <SuggestField
          label="Region"
          placeholder="any"
          value={draft.region}
          suggestions={[...new Set(regions.map(({ offer }) => offer.region))].sort()}
          onValue={(region) => store.edit({ region })}
        />
        <SuggestField
          label="Provider"
          placeholder="any"
          value={draft.provider}
          suggestions={[...new Set(regions.map(({ offer }) => offer.providerId))].sort()}
          onValue={(provider) => store.edit({ provider })}
        />
      </div>
      {because === undefined ? null : <p className={styles['because']}>{plainWords(because)}</p>}
    </>
  )
}

const noOptions: readonly never[] = []
