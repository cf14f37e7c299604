import { formatCount } from '../../../main/domain/format.ts'
import type { Draft } from './draft.ts'
import { readLines } from './read-fields.ts'

/** What is set in each fold, in a few words; what there would be while nothing is. */
export function summaries(
  draft: Draft,
): Readonly<Record<'variables' | 'environment' | 'local' | 'machine' | 'name', string>> {
  const variables = draft.env.filter(({ name }) => name !== '').length
  const commands = (text: string, what: string): string | null => {
    const count = readLines(text).length
    return count === 0 ? null : `${formatCount(count, 'command')} ${what}`
  }
  return {
    variables:
      list(
        variables === 0 ? null : formatCount(variables, 'variable'),
        draft.secrets.length === 0 ? null : draft.secrets.join(', '),
      ) ?? 'none',
    environment:
      list(said(draft.image), commands(draft.setup, 'of set-up')) ?? 'found from the job',
    local: list(commands(draft.before, 'before'), commands(draft.after, 'after')) ?? 'none',
    machine:
      list(
        labelled('warm', draft.keepWarm),
        labelled('disk', draft.disk),
        labelled('restarts', draft.retries),
        labelled('checkpoint', draft.checkpoint),
        labelled('grace', draft.grace),
        labelled('hold', draft.afterExit),
      ) ?? 'usual',
    name: list(said(draft.name), labelled('project', draft.project)) ?? 'from the script',
  }
}

function said(text: string): string | null {
  return text.trim() === '' ? null : text.trim()
}

function labelled(label: string, text: string): string | null {
  const plain = said(text)
  return plain === null ? null : `${label} ${plain}`
}

function list(...parts: readonly (string | null)[]): string | null {
  const present = parts.filter((part) => part !== null)
  return present.length === 0 ? null : present.join(' · ')
}
