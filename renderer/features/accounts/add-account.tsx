import { useState } from 'react'
import { Select } from '../../ui/select.tsx'
import { TextField } from '../../ui/text-field.tsx'
import { AccountForm } from './account-form.tsx'
import type { AccountsData, AccountsStore } from './accounts-store.ts'
import styles from './accounts.module.css'
import { freeName } from './form-checks.ts'

export interface AddAccountProps {
  readonly store: AccountsStore
  readonly data: AccountsData
  readonly onDone: (sentence: string) => void
  readonly onCancel: () => void
}

/** Paste and check: which provider, what to call it, and the provider's own fields. */
export function AddAccount({ store, data, onDone, onCancel }: AddAccountProps) {
  const choices = data.providers.filter((provider) => provider.fields.length > 0)
  const [chosen, setChosen] = useState(choices[0]?.id ?? '')
  const provider = choices.find((one) => one.id === chosen)
  const taken = data.accounts.flatMap((one) => (one.providerId === chosen ? one.name : []))
  const [name, setName] = useState<string | null>(null)
  if (provider === undefined) return null
  const shownName = name ?? freeName('main', taken)
  return (
    <AccountForm
      key={provider.id}
      fields={provider.fields}
      action="Check and add"
      onCancel={onCancel}
      onSubmit={async (values) => {
        const sentence = await store.add(provider.id, shownName, values)
        onDone(`${provider.name}, ${shownName}: ${sentence}`)
      }}
    >
      <p className={styles['panelTitle']}>Add an account</p>
      <div className={styles['fields']}>
        <Select
          label="Provider"
          value={chosen}
          options={choices.map((one) => ({ value: one.id, label: one.name }))}
          onValue={setChosen}
        />
        <TextField
          label="Name"
          hint="What you call it, if you have several."
          value={shownName}
          onValue={setName}
          error={taken.includes(shownName) ? 'There is already an account of this name.' : null}
        />
      </div>
    </AccountForm>
  )
}
