import { ChevronDown } from 'lucide-react'
import { useId } from 'react'
import { useStore } from 'zustand'
import type { OfferViewFilter } from '../../../preload/contract/offer-view.ts'
import { Button } from '../../ui/button.tsx'
import { Menu } from '../../ui/menu.tsx'
import fieldStyles from '../../ui/field.module.css'
import { filterMenus, filterToggles } from './filter-choices.ts'
import type { FilterMenu } from './filter-choices.ts'
import styles from './filter-bar.module.css'
import type { OffersStore } from './offers-store.ts'

/** The free text and the chips. What was understood stands below, on a line that is always there. */
export function FilterBar({ store }: { readonly store: OffersStore }) {
  const { filter, view } = useStore(store)
  const note = useId()
  const understood = view?.understood ?? []
  return (
    <>
      <div className={styles['bar']} role="search" aria-label="Filter">
        <input
          type="search"
          className={`${fieldStyles['input']} ${styles['text']}`}
          aria-label="Filter offers"
          aria-describedby={note}
          placeholder="4090, h100, ≥ 40 GB, eu…"
          spellCheck={false}
          autoComplete="off"
          maxLength={500}
          value={filter.text ?? ''}
          onChange={({ currentTarget: { value } }) =>
            store.filterBy({ text: value === '' ? undefined : value })
          }
        />
        {filterMenus(view?.providers ?? []).map((menu) => (
          <MenuChip key={menu.name} menu={menu} filter={filter} store={store} />
        ))}
        {filterToggles.map(({ part, label }) => (
          <button
            key={part}
            type="button"
            className={styles['chip']}
            aria-pressed={filter[part] === true}
            data-on={filter[part] === true || undefined}
            onClick={() => store.filterBy({ [part]: filter[part] === true ? undefined : true })}
          >
            {label}
          </button>
        ))}
      </div>
      <div className={styles['below']}>
        <p id={note} className={styles['understood']}>
          {understood.length > 0
            ? `Understood as: ${understood.join('; ')}.`
            : 'Type a GPU, provider, region, memory, price or count. Several of one kind are alternatives, different kinds must all hold.'}
        </p>
        {Object.keys(filter).length === 0 ? null : (
          <Button look="quiet" onClick={() => store.clearFilter()}>
            Clear all filters
          </Button>
        )}
      </div>
    </>
  )
}

function MenuChip(props: {
  readonly menu: FilterMenu
  readonly filter: OfferViewFilter
  readonly store: OffersStore
}) {
  const { menu, filter, store } = props
  const chosen = menu.choices.filter((choice) => choice.isChosen(filter))
  const words = chosen.length === 0 ? menu.name : chosen.map(({ label }) => label).join(', ')
  return (
    <Menu
      align="start"
      trigger={
        <button
          type="button"
          className={styles['chip']}
          aria-label={chosen.length === 0 ? menu.name : `${menu.name}: ${words}`}
          data-on={chosen.length > 0 || undefined}
        >
          {words}
          <ChevronDown aria-hidden />
        </button>
      }
      entries={menu.choices.map((choice) => ({
        kind: 'check',
        label: choice.label,
        checked: choice.isChosen(filter),
        onChange: (checked) => store.filterBy(choice.change(filter, checked)),
      }))}
    />
  )
}
