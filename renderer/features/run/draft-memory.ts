import { looksSecret } from './check-draft.ts'
import { type Draft, emptyDraft } from './draft.ts'

const key = 'sublet.run.draft'

/** Where a draft outlives a reload of its window. Never a secret's value. */
export interface DraftMemory {
  load(): Draft
  save(draft: Draft): void
}

/** Keeps the draft in the session's storage of one window. */
export function sessionDraft(
  storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>,
): DraftMemory {
  return {
    load: () => {
      try {
        const stored: unknown = JSON.parse(storage.getItem(key) ?? '{}')
        return withShape(stored)
      } catch {
        // Of another version or cut off: a draft is not worth an error.
        return emptyDraft
      }
    },
    save: (draft) => {
      if (draft === emptyDraft) storage.removeItem(key)
      else storage.setItem(key, JSON.stringify({ ...draft, env: draft.env.map(harmless) }))
    },
  }
}

function harmless(variable: Draft['env'][number]): Draft['env'][number] {
  return looksSecret(variable.name) ? { ...variable, value: '' } : variable
}

/** Only keys that a draft has, each of the kind that it has there. */
function withShape(stored: unknown): Draft {
  if (typeof stored !== 'object' || stored === null) return emptyDraft
  const entries = Object.entries(emptyDraft).map(([name, empty]) => {
    const value: unknown = (stored as Readonly<Record<string, unknown>>)[name]
    const fits = typeof value === typeof empty && Array.isArray(value) === Array.isArray(empty)
    return [name, fits && value !== null ? value : empty]
  })
  // Every key of a draft stands in `emptyDraft`, which TypeScript cannot follow.
  return Object.fromEntries(entries) as Draft
}
